"""A package header: its tags, and counts that promise more than there is."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.rpmdb.header import BASE_NAMES, EPOCH, NAME, VERSION, Header
from hullguard.model import Malformed
from rpm_databases import BASH, header


def test_strings_arrays_and_numbers_are_found_by_tag() -> None:
    read = Header(header({**BASH, EPOCH: [2]}))
    assert read.text(NAME) == "bash"
    assert read.texts(BASE_NAMES) == ["bash", "sh", "bashrc"]
    assert read.numbers(EPOCH) == (2,)


def test_an_absent_tag_is_empty() -> None:
    read = Header(header({NAME: "bash"}))
    assert (read.text(VERSION), read.texts(BASE_NAMES), read.numbers(EPOCH)) == ("", [], ())


def test_of_a_text_in_several_languages_the_first_counts() -> None:
    data = b"hello\0bonjour\0"
    entry = struct.pack(">iIiI", NAME, 9, 0, 2)
    assert Header(struct.pack(">II", 1, len(data)) + entry + data).text(NAME) == "hello"


def test_an_entry_after_the_region_overrides_the_one_inside() -> None:
    data = b"old\0new\0"
    entries = struct.pack(">iIiI", NAME, 6, 0, 1) + struct.pack(">iIiI", NAME, 6, 4, 1)
    assert Header(struct.pack(">II", 2, len(data)) + entries + data).text(NAME) == "new"


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\0\0\0\1",
        struct.pack(">II", 2, 0) + bytes(16),
        struct.pack(">II", 0, 5) + b"abcd",
        struct.pack(">II", 0xFFFFFFFF, 0xFFFFFFFF),
    ],
    ids=["nothing", "half its counts", "an entry short", "a byte short", "counts beyond reason"],
)
def test_counts_that_promise_more_than_there_is_are_refused(blob: bytes) -> None:
    with pytest.raises(Malformed, match="package header"):
        Header(blob)


@pytest.mark.parametrize(
    ("type_", "offset", "count"),
    [(6, 4, 1), (6, -1, 1), (6, 0, 1), (8, 0, 3), (8, 0, 2**31), (4, 0, 1)],
    ids=["beyond", "before", "without an end", "too few", "billions", "numbers"],
)
def test_a_value_that_is_not_what_its_entry_says_is_refused(
    type_: int, offset: int, count: int
) -> None:
    entry = struct.pack(">iIiI", NAME, type_, offset, count)
    read = Header(struct.pack(">II", 1, 4) + entry + b"bash")
    with pytest.raises(Malformed, match="tag 1000"):
        read.texts(NAME)


def test_a_string_where_numbers_belong_is_refused() -> None:
    with pytest.raises(Malformed, match="numbers belong"):
        Header(header({EPOCH: "1"})).numbers(EPOCH)


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    blob = header({NAME: "b\u00e9"}).replace("\u00e9".encode(), b"\xe9\xe9")
    assert Header(blob).text(NAME) == "b\ufffd\ufffd"


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise_anything_but_malformed(data: bytes) -> None:
    blob = struct.pack(">II", 3, max(0, len(data) - 48)) + data.ljust(48, b"\0")
    with suppress(Malformed):
        read = Header(blob)
        read.text(NAME)
        read.texts(BASE_NAMES)
        read.numbers(EPOCH)
