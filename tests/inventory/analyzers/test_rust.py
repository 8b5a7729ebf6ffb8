"""Rust programs: the list of crates that cargo-auditable puts into them."""

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elf_programs import FIRST, make_elf
from hullguard.inventory.analyzers.rust import read
from hullguard.model import MIB, Budget, BudgetSpent, Limits, Malformed
from installed_files import gaps, outcomes, packages, survive, versions

PATH = "usr/local/bin/cart"
CRATES = {
    "packages": [
        {"name": "cart", "version": "0.3.0", "source": "local", "dependencies": [1], "root": True},
        {"name": "smallvec", "version": "1.6.0", "source": "crates.io"},
        {"name": "cc", "version": "1.0.73", "source": "crates.io", "kind": "build"},
    ]
}


def program(crates: object) -> bytes:
    return make_elf({b".text": b"code", b".dep-v0": zlib.compress(json.dumps(crates).encode())})


def test_the_crates_inside_are_listed_with_the_program_itself() -> None:
    assert versions(read, program(CRATES), PATH) == [("cart", "0.3.0"), ("smallvec", "1.6.0")]


def test_a_crate_is_a_cargo_package_told_of_by_the_program() -> None:
    package = packages(read, program(CRATES), PATH)[1]
    assert (package.type, package.path, package.scope) == ("cargo", PATH, "")


@pytest.mark.parametrize(("bits", "order"), [(32, "<"), (32, ">"), (64, ">")])
def test_programs_of_other_machines_are_read_too(bits: int, order: str) -> None:
    section = zlib.compress(json.dumps(CRATES).encode())
    data = make_elf({b".dep-v0": section}, bits=bits, order=order)
    assert len(versions(read, data, PATH)) == 2


def test_a_program_without_the_list_tells_nothing() -> None:
    assert outcomes(read, make_elf({b".text": b"code"}), PATH) == []
    assert outcomes(read, b"#!/bin/sh\n", PATH) == []


def test_a_broken_crate_is_a_gap_and_the_next_one_is_read() -> None:
    data = program({"packages": [{"name": 7, "version": "1"}, {"name": "a", "version": "1.0.0"}]})
    assert gaps(read, data, PATH) == [
        f"{PATH}, crate 0: has an unexpected form: Expected `str`, got `int` - at `$.name`"
    ]
    assert len(outcomes(read, data, PATH)) == 2


@pytest.mark.parametrize(
    ("section", "why"),
    [
        (b"no zlib", "cannot be unpacked"),
        (zlib.compress(b"{}")[:-4], "is cut short"),
        (zlib.compress(b"{"), "is no JSON"),
        (zlib.compress(b"[]"), "has an unexpected form"),
        (zlib.compress(b" " * 9 * MIB), "larger than 8 MiB"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(section: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        outcomes(read, make_elf({b".dep-v0": section}), PATH)


def test_unpacking_is_paid_from_the_budget() -> None:
    with pytest.raises(BudgetSpent):
        outcomes(read, program(CRATES), PATH, budget=Budget(Limits(bytes=10)))


@given(st.binary(max_size=200))
def test_no_section_makes_it_raise(data: bytes) -> None:
    survive(read, make_elf({b".dep-v0": data}), PATH)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_no_crate_makes_it_raise(crate: object) -> None:
    survive(read, program({"packages": [crate, {"name": crate, "version": "1"}]}), PATH)


@given(st.integers(0, 700), st.binary(min_size=1, max_size=8))
def test_no_damage_makes_it_raise(at: int, damage: bytes) -> None:
    whole = program(CRATES)
    at += FIRST
    survive(read, whole[:at] + damage + whole[at + len(damage) :], PATH)
