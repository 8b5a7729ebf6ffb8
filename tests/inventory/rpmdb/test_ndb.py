"""rpm's own database format: slots, blobs, and what damage leads to."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.rpmdb.ndb import blobs
from hullguard.model import Budget, BudgetSpent, Gap, Limits, Malformed
from rpm_databases import ndb

PATH = "usr/lib/sysimage/rpm/Packages.db"
TWO = ndb([b"first header", b"second header, a little longer than the first"])
FIRST_SLOT = 32


def outcomes(data: bytes) -> list[bytes | Gap]:
    return list(blobs(data, PATH, Budget()))


def patched(offset: int, patch: bytes) -> bytes:
    return TWO[:offset] + patch + TWO[offset + len(patch) :]


def test_every_used_slot_leads_to_a_header() -> None:
    assert outcomes(TWO) == [b"first header", b"second header, a little longer than the first"]


def test_an_empty_database_holds_nothing() -> None:
    assert outcomes(ndb([])) == []


@pytest.mark.parametrize(
    ("offset", "patch", "why"),
    [
        (FIRST_SLOT, b"Sl?t", "magic is missing"),
        (FIRST_SLOT + 4, b"\7", "not its package"),
        (FIRST_SLOT + 8, struct.pack("<I", 2**31), "truncated"),
        (FIRST_SLOT + 12, struct.pack("<I", 1), "too small"),
        (4096, b"Bl?S", "not its package"),
        (4096 + 12, struct.pack("<I", 2**32 - 1), "longer than its room"),
    ],
)
def test_a_broken_slot_is_a_gap_and_the_next_one_is_read(
    offset: int, patch: bytes, why: str
) -> None:
    gap, second = outcomes(patched(offset, patch))
    assert isinstance(gap, Gap)
    assert why in gap.why
    assert isinstance(second, bytes)


def test_a_file_cut_short_keeps_the_packages_before_the_cut() -> None:
    first, gap = outcomes(TWO[:-16])
    assert first == b"first header"
    assert isinstance(gap, Gap)
    assert "truncated" in gap.why


@pytest.mark.parametrize(
    "data",
    [TWO[:4000], patched(4, b"\1"), patched(12, b"\0"), patched(12, struct.pack("<I", 2**31))],
    ids=["shorter than a page", "another version", "no pages", "billions of pages"],
)
def test_a_header_that_makes_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match=PATH):
        outcomes(data)


def test_more_packages_than_allowed_end_the_reading() -> None:
    with pytest.raises(BudgetSpent):
        list(blobs(TWO, PATH, Budget(Limits(entries=1))))


@given(st.integers(0, len(TWO) - 1), st.binary(max_size=20), st.integers(0, len(TWO)))
def test_no_damage_makes_it_raise_anything_but_malformed(at: int, patch: bytes, end: int) -> None:
    with suppress(Malformed):
        outcomes(patched(at, patch)[:end])
