"""YAML and JSON with lines: what is read, and what is refused."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Malformed
from hullguard.triage.documents import entries, read_document


def test_entries_know_their_lines() -> None:
    root = read_document("a.yaml", b"list:\n- one\n\n- {two: 1.10}\n")
    assert [*entries("a.yaml", root.get("list"))] == [
        ("a.yaml, line 2", "one"),
        ("a.yaml, line 4", {"two": "1.10"}),
    ]


def test_entries_of_json_are_counted() -> None:
    root = read_document("a.json", b'["one", {"two": 2}]')
    assert [*entries("a.json", root)] == [
        ("a.json, entry 1", "one"),
        ("a.json, entry 2", {"two": 2}),
    ]


def test_yaml_may_begin_with_a_bracket() -> None:
    root = read_document("a.yaml", b"[one, 'two']")
    assert [value for _, value in entries("a.yaml", root)] == ["one", "two"]


def test_an_anchor_stands_for_what_it_names() -> None:
    root = read_document("a.yaml", b"- &x {a: b}\n- *x\n")
    assert [value for _, value in entries("a.yaml", root)] == [{"a": "b"}, {"a": "b"}]


@pytest.mark.parametrize("data", [b"", b"\n", b"# nothing\n", b"~", b"null"])
def test_an_empty_file_holds_no_entries(data: bytes) -> None:
    assert [*entries("a.yaml", read_document("a.yaml", data))] == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a: [1", "is no YAML"),
        (b"a: 1\na: 2\n", "line 2: `a` stands twice"),
        (b"- 1\n---\n- 2\n", "line 3: a second document"),
        (b"&a [*a]", r"line 1: \*a stands for nothing"),
        (b"[a]: b", "a key that is no text"),
        (b"\x00", "is neither YAML nor JSON"),
        (b"\xff\xfe\xfd", "is neither YAML nor JSON"),
        (b"[" * 60 + b"]" * 60, "nested deeper"),
        (b"[" * 100_000, "nested|nesting"),
        (b"{a: " * 60, "nested deeper"),
        (b"- " * 60, "nested deeper"),
    ],
)
def test_what_is_no_document_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_document("a.yaml", data)


def test_a_file_that_calls_itself_json_is_told_where_it_is_not() -> None:
    with pytest.raises(Malformed, match=r"a\.json: is no JSON"):
        read_document("a.json", b'{"a": }')


def test_a_billion_laughs_are_cut_short() -> None:
    bomb = b"- &a0 [x, x]\n" + b"".join(
        b"- &a%d [*a%d, *a%d]\n" % (level, level - 1, level - 1) for level in range(1, 41)
    )
    with pytest.raises(Malformed, match=r"a\.yaml: unfolds to more than 1000000 values"):
        list(entries("a.yaml", read_document("a.yaml", bomb)))


def test_a_mapping_is_no_list_of_entries() -> None:
    with pytest.raises(Malformed, match="expected a list"):
        list(entries("a.yaml", read_document("a.yaml", b"a: b")))


@given(st.binary() | st.text("[]{}:-&*a, \n\"'!|>").map(str.encode))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    with suppress(Malformed):
        list(entries("a.yaml", read_document("a.yaml", data)))
