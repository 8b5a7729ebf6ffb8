"""Columns, and what gives way when the terminal is narrow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.report.columns import cut_counts, cut_list, cut_origin, cut_update
from hullguard.report.layout import (
    Column,
    Line,
    cut_end,
    cut_middle,
    lay_out,
    span,
    width_of,
    wrapped,
)

COLUMNS = (
    Column(heading="NAME", cut=cut_middle, least=6),
    Column(heading="", cut=cut_end, least=1, gap=1),
    Column(heading="VERSION", cut=cut_middle, least=7),
    Column(heading="WIDE", cut=cut_end, least=4, from_width=100),
)
ROWS = [
    (span("openssl"), span(""), span("1.1.1n-0+deb11u3"), span("x")),
    (span("a-rather-long-name"), span(""), span("1"), span("")),
]


def texts(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines]


def laid_out(width: int) -> list[str]:
    return texts(list(lay_out(COLUMNS, ROWS, width)))


def test_columns_are_as_wide_as_what_they_hold_and_empty_ones_are_left_out() -> None:
    assert laid_out(80) == [
        "  NAME                VERSION",
        "  openssl             1.1.1n-0+deb11u3",
        "  a-rather-long-name  1",
    ]


def test_a_wide_terminal_and_a_pipe_show_more_columns() -> None:
    assert laid_out(100)[1] == laid_out(0)[1] == "  openssl             1.1.1n-0+deb11u3  x"


def test_the_column_with_the_most_to_spare_gives_way_first() -> None:
    assert laid_out(30) == [
        "  NAME          VERSION",
        "  openssl       1.1.1n-…eb11u3",
        "  a-rath…-name  1",
    ]


def test_the_last_columns_are_left_out_when_nothing_can_give_way() -> None:
    assert laid_out(12) == ["  NAME", "  openssl", "  a-rat…name"]


def test_a_cell_of_absurd_length_is_cut_even_in_a_pipe() -> None:
    [_, row] = lay_out(COLUMNS[:1], [(span("x" * 5_000),)], 0)
    assert len(texts([row])[0]) == 2 + 200


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("1.2.3", 5, "1.2.3"),
        ("1:2.39.1-3+deb12u1", 12, "1:2.39…b12u1"),
        ("名前名前名前", 7, "名…前"),
    ],
)
def test_the_middle_is_cut_and_both_ends_stay(text: str, width: int, told: str) -> None:
    assert cut_middle(text, width) == told


def test_the_end_is_cut_without_a_space_before_the_dots() -> None:
    assert cut_end("pip install -r requirements.txt", 13) == "pip install…"


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("4.17.4 → 4.17.21", 16, "4.17.4 → 4.17.21"),
        ("1.1.1n-0+deb11u3 → 1.1.1n-0+deb11u5", 30, "1.1.1n-0+deb11u3 → …u5"),
        ("2.31-13+deb11u3 → 2.31-13+deb11u13", 30, "2.31-13+deb11u3 → …u13"),
        ("7.64.0-4 → 7.64.10-4", 19, "7.64.0-4 → …10-4"),
        ("1.1.1n-0+deb11u3 → 3.0.11-1~deb12u2", 22, "1.1.1…11u3 → 3.0.…12u2"),
    ],
)
def test_an_update_repeats_only_what_changes(text: str, width: int, told: str) -> None:
    assert cut_update(text, width) == told
    assert len(told) <= width


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("usr/lib/python3/Django-2.2/METADATA", 22, "usr/lib/pyt…2/METADATA"),
        ("COPY a/b/c /srv/app/data", 15, "COPY a/b/c /sr…"),
        ("a/b", 3, "a/b"),
    ],
)
def test_of_a_path_both_ends_stay_and_of_a_history_line_the_beginning(
    text: str, width: int, told: str
) -> None:
    assert cut_origin(text, width) == told


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("2.15.0, 2.12.2, 2.3.1", 21, "2.15.0, 2.12.2, 2.3.1"),
        ("2.15.0, 2.12.2, 2.3.1", 17, "2.15.0, 2.12.2 …"),
        ("2.15.0, 2.12.2, 2.3.1", 9, "2.15.0 …"),
        ("2.15.0-long-version, 2", 13, "2.15.0…ersion"),
    ],
)
def test_of_several_versions_the_nearest_stay(text: str, width: int, told: str) -> None:
    assert cut_list(text, width) == told


@pytest.mark.parametrize(
    ("text", "width", "told"),
    [
        ("2 critical 9 high 3 medium 1 low", 22, "2 critical 9 high +4"),
        ("2 critical 9 high 3 medium 1 low", 17, "2 critical +13"),
        ("2 critical", 7, "2 crit…"),
    ],
)
def test_of_counts_the_worst_stay_and_the_rest_is_added_up(
    text: str, width: int, told: str
) -> None:
    assert cut_counts(text, width) == told


@given(st.text(), st.integers(1, 40))
def test_cutting_keeps_to_the_width(text: str, width: int) -> None:
    for cut in (cut_end, cut_middle):
        assert width_of(cut(text, width)) <= max(width, 1)


def test_wide_and_combining_characters_are_counted_as_a_terminal_does() -> None:
    assert [width_of(text) for text in ("abc", "名前", "e\u0301", "●→…·")] == [3, 4, 1, 4]


def test_prose_is_wrapped_between_words_only() -> None:
    lines = list(wrapped("run hullguard-db-update-npm now", 16, lead="! ", hang="  "))
    assert texts(lines) == ["! run", "  hullguard-db-update-npm", "  now"]
    assert texts(list(wrapped("one two", 0, lead="! "))) == ["! one two"]
