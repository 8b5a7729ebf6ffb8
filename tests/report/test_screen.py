"""How much a stream shows."""

import io
import os
import pty
from collections.abc import Iterator
from typing import TextIO

import pytest

from hullguard.report.options import Screen
from hullguard.report.screen import look_at


@pytest.fixture
def terminal() -> Iterator[TextIO]:
    """Open a real pseudo-terminal; it has no size of its own."""
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "w", encoding="utf-8") as stream:
        yield stream


def test_a_pipe_has_neither_width_nor_colour() -> None:
    pipe = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    assert look_at(pipe, {"COLUMNS": "120"}) == Screen(encoding="latin-1")


def test_a_terminal_without_a_size_has_80_columns_and_colour(terminal: TextIO) -> None:
    assert look_at(terminal, {}) == Screen(width=80, colour=True, encoding="utf-8")


@pytest.mark.parametrize(
    ("columns", "width"), [("120", 120), ("0", 80), ("-1", 80), ("99999", 80), ("wide", 80)]
)
def test_the_variable_replaces_the_width(terminal: TextIO, columns: str, width: int) -> None:
    assert look_at(terminal, {"COLUMNS": columns}).width == width


@pytest.mark.parametrize(
    ("environment", "colour"),
    [({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colour_can_be_switched_off(
    terminal: TextIO, environment: dict[str, str], *, colour: bool
) -> None:
    assert look_at(terminal, environment).colour is colour
