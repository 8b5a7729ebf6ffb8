"""Berkeley DB hashes in both byte orders: chains of pages, and what damage leads to."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.rpmdb.bdb import blobs, recognise
from hullguard.model import Budget, BudgetSpent, Gap, Limits, Malformed
from rpm_databases import bdb

PATH = "var/lib/rpm/Packages"
SMALL, LARGE = b"small header", b"large header " * 100
TWO = bdb([SMALL, LARGE])
SIZE = 512
CHAIN = 2 * SIZE  # where the chain of the first header starts; the second's follows


def outcomes(data: bytes) -> list[bytes | Gap]:
    return list(blobs(data, PATH, Budget()))


def patched(offset: int, patch: bytes) -> bytes:
    return TWO[:offset] + patch + TWO[offset + len(patch) :]


@pytest.mark.parametrize("order", ["<", ">"], ids=["little-endian", "big-endian"])
@pytest.mark.parametrize("size", [512, 4096, 65536 // 2])
def test_every_value_off_its_page_is_a_header(order: str, size: int) -> None:
    data = bdb([SMALL, LARGE], order, size)
    assert recognise(data)
    assert outcomes(data) == [SMALL, LARGE]


def test_the_counter_kept_on_its_page_is_no_package() -> None:
    assert outcomes(bdb([])) == []


@pytest.mark.parametrize(
    ("offset", "patch"),
    [
        (CHAIN + 25, b"\0"),
        (CHAIN + 22, b"\0\0"),
        (CHAIN + 22, b"\xff\xff"),
    ],
    ids=["no overflow page", "holds nothing", "holds more than fits"],
)
def test_a_broken_chain_is_a_gap_and_the_next_header_is_read(offset: int, patch: bytes) -> None:
    gap, large = outcomes(patched(offset, patch))
    assert gap == Gap(f"{PATH}, page 2", "holds no part of a package header")
    assert large == LARGE


def test_a_chain_that_bites_its_tail_ends() -> None:
    small, gap = outcomes(patched(CHAIN + SIZE + 16, struct.pack("<I", 3)))
    assert small == SMALL
    assert gap == Gap(f"{PATH}, page 3", "is missing from a package header's chain of pages")


def test_a_length_beyond_the_file_ends_with_the_chain() -> None:
    claim = struct.pack("<BxxxII", 3, 2, len(SMALL))
    at = TWO.index(claim)
    gap, large = outcomes(patched(at + 8, struct.pack("<I", 2**31)))
    assert isinstance(gap, Gap)
    assert large == LARGE


def test_a_file_cut_short_says_so_and_keeps_the_packages_before_the_cut() -> None:
    gap, small, broken = outcomes(TWO[:-1])
    assert isinstance(gap, Gap)
    assert "truncated" in gap.why
    assert small == SMALL
    assert isinstance(broken, Gap)


@pytest.mark.parametrize(
    ("offset", "patch", "why"),
    [
        (16, struct.pack("<I", 99), "version 99"),
        (20, struct.pack("<I", 0), "never wrote"),
        (20, struct.pack("<I", 2**31), "never wrote"),
        (24, b"\1", "encrypted"),
        (25, b"\x09", "never wrote"),
    ],
)
def test_a_first_page_that_makes_no_sense_is_refused(offset: int, patch: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        outcomes(patched(offset, patch))


def test_other_bytes_are_not_recognised() -> None:
    assert not recognise(b"")
    assert not recognise(bytes(4096))
    with pytest.raises(Malformed, match="no Berkeley DB hash"):
        outcomes(bytes(4096))


def test_more_bytes_than_allowed_end_the_reading() -> None:
    with pytest.raises(BudgetSpent):
        list(blobs(TWO, PATH, Budget(Limits(bytes=1000))))


@given(st.integers(12, len(TWO) - 1), st.binary(max_size=20), st.integers(0, len(TWO)))
def test_no_damage_makes_it_raise_anything_but_malformed(at: int, patch: bytes, end: int) -> None:
    with suppress(Malformed):
        outcomes(patched(at, patch)[:end])
