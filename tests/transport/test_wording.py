"""What others say, fit for a terminal."""

from hypothesis import given
from hypothesis import strategies as st

from hullguard.transport.wording import printable


def test_control_characters_and_line_ends_become_spaces() -> None:
    assert printable("disk\n full \x1b[31mred\x9b\u202e.") == "disk full [31mred ."


def test_long_texts_are_cut() -> None:
    assert printable("x" * 300, 10) == "xxxxxxxxx…"


@given(st.text())
def test_whatever_is_said_is_one_short_line(text: str) -> None:
    line = printable(text, 50)
    assert line.isprintable()
    assert len(line) <= 50
