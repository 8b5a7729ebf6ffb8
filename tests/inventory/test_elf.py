"""Programs: finding sections and memory in both word sizes and byte orders, whole or damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elf_programs import BASE, FIRST, make_elf
from hullguard.inventory.elf import (
    Elf,
    Part,
    data_segment,
    find_section,
    has_sections,
    is_cut_short,
    loaded_segments,
    memory,
    read_elf,
)

FORMS = [(32, "<"), (32, ">"), (64, "<"), (64, ">")]
SECTIONS = {b".text": b"first", b".notes": b"second"}


def opened(data: bytes) -> Elf:
    elf = read_elf(data)
    assert elf is not None
    return elf


@pytest.mark.parametrize(("bits", "order"), FORMS)
def test_a_section_is_found_by_its_name(bits: int, order: str) -> None:
    data = make_elf(SECTIONS, bits=bits, order=order)
    section = find_section(opened(data), b".notes")
    assert section == Part(offset=FIRST + 16, size=6, address=BASE + FIRST + 16)
    assert data[section.offset : section.offset + section.size] == b"second"


@pytest.mark.parametrize(("bits", "order"), FORMS)
def test_memory_is_read_by_address_and_not_beyond_its_segment(bits: int, order: str) -> None:
    elf = opened(make_elf(SECTIONS, bits=bits, order=order))
    assert memory(elf, BASE + FIRST, 5) == b"first"
    assert memory(elf, BASE + FIRST + 16, 1_000_000) == b"second" + bytes(10)
    assert memory(elf, BASE - 1, 5) == b""


@pytest.mark.parametrize(("bits", "order"), FORMS)
def test_the_data_segment_is_the_one_that_may_be_written(bits: int, order: str) -> None:
    elf = opened(make_elf(SECTIONS, bits=bits, order=order))
    assert data_segment(elf) == Part(offset=0, size=FIRST + 32, address=BASE)


def test_a_section_of_another_name_is_not_taken_for_it() -> None:
    elf = opened(make_elf({b".rela.notes": b"other", b".notes2": b"other"}))
    assert find_section(elf, b".notes") is None


def test_a_section_without_bytes_in_the_file_is_not_there() -> None:
    assert find_section(opened(make_elf(SECTIONS, kind=8)), b".notes") is None


def test_a_stripped_program_has_no_sections_but_its_memory() -> None:
    elf = opened(make_elf(SECTIONS, stripped=True))
    assert not has_sections(elf)
    assert find_section(elf, b".notes") is None
    assert memory(elf, BASE + FIRST, 5) == b"first"


@pytest.mark.parametrize("length", range(64))
def test_a_file_shorter_than_any_header_is_no_program(length: int) -> None:
    assert read_elf(make_elf(SECTIONS)[:length]) is None


def test_a_program_that_is_cut_short_says_so_and_keeps_what_is_there() -> None:
    whole = make_elf(SECTIONS)
    elf = opened(whole[: FIRST + 16])
    assert is_cut_short(elf)
    assert not is_cut_short(opened(whole))
    assert find_section(elf, b".text") is None
    assert memory(elf, BASE + FIRST, 5) == b"first"


def test_a_script_is_no_program() -> None:
    assert read_elf(b"#!/bin/sh\n" + bytes(100)) is None


def look_at_all(data: bytes) -> None:
    elf = read_elf(data)
    if elf is not None:
        find_section(elf, b".notes")
        data_segment(elf)
        is_cut_short(elf)
        for part in loaded_segments(elf):
            memory(elf, part.address, 1 << 40)


@given(st.binary(max_size=300))
def test_no_bytes_behind_the_magic_make_it_raise(data: bytes) -> None:
    look_at_all(b"\x7fELF\x02\x01" + data)


@given(st.sampled_from(FORMS), st.integers(0, 900), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_program_makes_it_raise(
    form: tuple[int, str], at: int, damage: bytes
) -> None:
    bits, order = form
    whole = make_elf(SECTIONS, bits=bits, order=order)
    look_at_all(whole[:at] + damage + whole[at + len(damage) :])
