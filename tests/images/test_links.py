"""Symbolic links inside an image lead nowhere outside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.images.links import canonical, resolve
from hullguard.model import Malformed


@pytest.mark.parametrize(
    ("path", "links", "real"),
    [
        ("lib/apk/db", {"lib": "usr/lib"}, "usr/lib/apk/db"),
        ("etc/os-release", {"etc/os-release": "../usr/lib/os-release"}, "usr/lib/os-release"),
        ("var/lib/rpm", {"var/lib/rpm": "/usr/lib/sysimage/rpm"}, "usr/lib/sysimage/rpm"),
        ("a/b", {"a": "c", "c": "d"}, "d/b"),
        ("etc/passwd", {"etc": "../../../../host"}, "host/passwd"),
        ("plain/path", {}, "plain/path"),
    ],
)
def test_a_path_leads_to_a_place_inside_the_image(
    path: str, links: dict[str, str], real: str
) -> None:
    assert resolve(path, links) == real


def test_links_that_lead_in_a_circle_say_so() -> None:
    with pytest.raises(Malformed, match="lead in a circle"):
        resolve("a/x", {"a": "b", "b": "a"})


def test_the_last_part_of_a_canonical_path_is_not_followed() -> None:
    links = {"bin": "usr/bin", "usr/bin/sh": "dash"}
    assert canonical("bin/sh", links) == "usr/bin/sh"


def test_a_path_below_a_circle_stays_as_it_is() -> None:
    assert canonical("a/x", {"a": "a"}) == "a/x"


names = st.text("ab./", max_size=6)


@given(names, st.dictionaries(names, names, max_size=4))
def test_no_links_lead_outside_or_on_forever(path: str, links: dict[str, str]) -> None:
    try:
        real = resolve(path, links)
    except Malformed:
        return
    assert ".." not in real.split("/")
