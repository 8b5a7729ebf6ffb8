"""XML of strangers: what is found, and what is refused."""

from io import BytesIO
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given

from feed_rows import damaged
from hullguard.advisories.markup import elements
from hullguard.model import Budget, Malformed

FEED = b'<f xmlns:x="urn:x"><x:a id="1">one<b>two</b></x:a><c><a id="2"/></c><b>three</b></f>'


def found(data: bytes, *wanted: str) -> list[Element]:
    return list(elements(BytesIO(data), frozenset(wanted), "feed", Budget()))


def test_wanted_elements_come_whole_and_without_prefix() -> None:
    first, second = found(FEED, "a")
    assert (first.tag, first.get("id"), first.text, first.findtext("b")) == ("a", "1", "one", "two")
    assert second.get("id") == "2"


def test_a_wanted_element_inside_another_is_part_of_it() -> None:
    assert [element.tag for element in found(FEED, "a", "b")] == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is no well-formed XML"),
        (b"<f><a></f>", "is no well-formed XML: mismatched tag"),
        (b"<f>", "is no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><f/>', "is no well-formed XML"),
        (b"<f>" * 65, "is nested too deep"),
        (b'<!DOCTYPE f SYSTEM "file:///etc/passwd"><f/>', "has a document type"),
        (b'<!DOCTYPE f [<!ENTITY a "b">]><f>&a;</f>', "has a document type"),
    ],
)
def test_dangers_and_rubbish_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        found(data, "a")


@given(damaged(FEED))
def test_no_bytes_make_it_raise_anything_but_malformed(data: bytes) -> None:
    try:
        assert all(element.tag == "a" for element in found(data, "a"))
    except Malformed as error:
        assert error.where == "feed"  # noqa: PT017 - the only error there may be
