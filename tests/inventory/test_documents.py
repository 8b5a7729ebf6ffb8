"""Whole texts, JSON and TOML: what is read, and what is refused before it costs anything."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File
from hullguard.inventory.documents import LARGEST, read_json, read_text, read_toml, shaped
from hullguard.model import BudgetSpent, Gap, Malformed


class Shape(msgspec.Struct, frozen=True):
    """What is asked for."""

    name: str


def file(data: bytes | str) -> File:
    return File(path="app/some.file", data=data.encode() if isinstance(data, str) else data)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_decoded_by_its_mark(encoding: str) -> None:
    assert read_text(file("café".encode(encoding))) == "café"


def test_stray_bytes_in_a_text_are_replaced() -> None:
    assert read_text(file(b"caf\xe9")) == "caf\N{REPLACEMENT CHARACTER}"


def test_json_and_toml_have_the_shape_asked_for() -> None:
    assert read_json(file('\N{BOM}{"name": "a", "more": 1}'), Shape) == Shape("a")
    assert read_toml(file('\N{BOM}name = "a"\nmore = 1\n'), Shape) == Shape("a")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[", "is no TOML"),
        ("name = 1", "has an unexpected form: Expected `str`"),
        ("a = " + "[" * 2000, "is nested too deep"),
        ("a = " + "1" * 5000, "is no TOML: Exceeds the limit"),
        (".".join("a" * 1000) + " = 1", "line 1 has a key of more than 64 parts"),
        ("name = 'a'\n[" + ".".join(['"b"'] * 1000) + "]", "line 2 has a key of more than 64"),
        ('a = "' + r"\"" * 50 + "." * 100, "is no TOML"),
    ],
)
def test_toml_that_cannot_be_read_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_toml(file(text), Shape)
    assert caught.value.where == "app/some.file"
    assert caught.value.why.startswith(why)


def test_dots_inside_strings_are_no_parts_of_a_key() -> None:
    assert read_toml(file(f'name = "a" # {"." * 9}\nother = "{"." * 900}"'), Shape) == Shape("a")


def test_a_line_of_escaped_quotes_is_looked_at_once() -> None:
    began = time.process_time()
    with pytest.raises(Malformed):
        read_toml(file('"' + '\\".' * 300_000), Shape)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("[]", "has an unexpected form: Expected `object`, got `array`"),
        ('{"name": 1}', "has an unexpected form: Expected `str`, got `int`"),
    ],
)
def test_json_that_cannot_be_read_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_json(file(text), Shape)
    assert caught.value.why.startswith(why)


@pytest.mark.parametrize("value", [{"name": "a"}, msgspec.Raw(b'{"name": "a"}')])
def test_a_record_has_the_shape_asked_for(value: object) -> None:
    assert shaped(value, Shape, "a") == Shape("a")


@pytest.mark.parametrize("value", [{"name": 1}, msgspec.Raw(b'{"name": 1}'), None, []])
def test_a_record_of_another_shape_is_a_gap(value: object) -> None:
    gap = shaped(value, Shape, "record 7")
    assert isinstance(gap, Gap)
    assert gap.where == "record 7"
    assert gap.why.startswith("has an unexpected form")


READERS: dict[str, Callable[[File], object]] = {
    "text": read_text,
    "JSON": lambda given: read_json(given, Any),
    "TOML": lambda given: read_toml(given, Any),
}


@pytest.mark.parametrize("kind", READERS)
def test_a_file_beyond_its_limit_is_not_read_at_all(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LARGEST, kind, 1 << 20)
    with pytest.raises(BudgetSpent, match=f"larger than 1 MiB, the most that is read of a {kind}"):
        READERS[kind](file(b" " * ((1 << 20) + 1)))


@pytest.mark.parametrize("kind", READERS)
@given(data=st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_no_bytes_make_a_reader_raise_anything_but_malformed(kind: str, data: bytes) -> None:
    with suppress(Malformed):
        READERS[kind](file(data))
