"""Text of strangers, shown and not obeyed."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.report.escape import safe, safe_json

ANYTHING = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize("text", ["", "openssl", "C:\\new", "é", "名前", "e\u0301", "● → …"])
def test_what_simply_prints_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\r\n\tb", r"a\r\n\tb"),
        ("\x9b31m", r"\x9b31m"),
        ("\x7f", r"\x7f"),
        ("a\xa0b", r"a\xa0b"),
        ("1.0\u202e0.2", r"1.0\u202e0.2"),
        ("\u2066\u2069", r"\u2066\u2069"),
        ("\u200b\ufeff", r"\u200b\ufeff"),
        ("\u3164", r"\u3164"),
        ("שלום", r"\u05e9\u05dc\u05d5\u05dd"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_a_terminal_obeys_or_hides_is_written_out(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(ANYTHING)
def test_safe_text_is_printable_and_stays_so(text: str) -> None:
    shown = safe(text)
    assert shown.isprintable()
    assert safe(shown) == shown


@given(ANYTHING.filter(lambda text: text.isprintable() or text.isascii()))
def test_json_keeps_its_value(text: str) -> None:
    data = json.dumps({"a": text, "b": "\x7f\x9b\u202e\U000e0041"}, ensure_ascii=False).encode()
    assert json.loads(safe_json(data)) == json.loads(data)


def test_json_holds_nothing_that_a_terminal_obeys() -> None:
    data = '"\x7f \x9b \u202e \U000e0041 é"'.encode()
    assert safe_json(data).decode() == r'"\u007f \u009b \u202e \udb40\udc41 é"'
