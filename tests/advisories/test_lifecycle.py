"""How long distributions are supported, and what people are told when that is over."""

from datetime import date

import pytest

from hullguard.advisories.lifecycle import LifeCycle, end_of_life, lifecycle
from hullguard.model import Distro

TODAY = date(2025, 1, 1)


@pytest.mark.parametrize(
    ("distro", "version", "ends"),
    [
        ("debian", "10", "2024-06-30"),
        ("debian", "10.13", "2024-06-30"),
        ("alpine", "3.19.1", "2025-11-01"),
        ("alpine", "3.1.4", "2016-11-01"),
        ("almalinux", "9.3", "2032-05-31"),
        ("mariner", "2.0.20240301", "2025-07-31"),
        ("ubuntu", "22.04", "2027-04-01"),
    ],
)
def test_a_release_is_found_by_as_much_of_its_version_as_counts(
    distro: str, version: str, ends: str
) -> None:
    known = lifecycle(Distro(id=distro, version=version))
    assert known is not None
    assert known.ends == ends


def test_a_release_that_nobody_noted_has_no_life_cycle() -> None:
    assert lifecycle(Distro(id="debian", version="99")) is None
    assert lifecycle(Distro(id="plan9", version="4")) is None
    assert lifecycle(Distro(id="debian", codename="sid")) is None


def test_the_last_day_of_support_is_still_a_day_of_support() -> None:
    known = LifeCycle(name="Debian 10", ends="2025-01-01")
    assert not known.has_ended(TODAY)
    assert known.has_ended(date(2025, 1, 2))


def test_people_are_told_since_when_there_are_no_more_fixes() -> None:
    told = end_of_life(Distro(id="debian", version="10"), TODAY)
    assert told == (
        "Debian 10 has had no security fixes since 2024-06-30: "
        "what is found from then on stays open. Move to a supported release"
    )
    assert end_of_life(Distro(id="debian", version="12"), TODAY) is None
