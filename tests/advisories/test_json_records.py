"""JSON of strangers: one kind of error, keys of cut-off files, and huge arrays in pieces."""

import json
from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.advisories.json_records import decoded, keys_in, pages
from hullguard.model import Budget, Malformed

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def page_texts(text: str) -> list[bytes]:
    return list(pages(BytesIO(text.encode()), "items", "id", "feed", Budget()))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cannot be understood"),
        (b'{"a": 1', "cannot be understood: Input data was truncated"),
        (b'{"a": "\xff"}', "cannot be understood"),
        (b'{"a": ' + b"[" * 100_000, "is nested too deep"),
        (b'{"a": ' + b"9" * 5000 + b"}", "cannot be understood"),
    ],
)
def test_every_kind_of_rubbish_is_malformed(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        decoded(msgspec.json.Decoder(dict[str, object]), data, "feed")


@pytest.mark.parametrize(
    ("head", "keys"),
    [
        (b'{"a": {"b": 1}, "c": "d: {e"', {b"a", b"c"}),
        (b' {"a\\"b": [], "c', {b'a\\"b'}),
        (b'{"a": "cut off: here', {b"a"}),
        (b'{"a": "cut off\\', {b"a"}),
        (b'[{"a": 1}]', set()),
        (b"", set()),
    ],
)
def test_top_level_keys_are_found_in_the_start_of_a_file(head: bytes, keys: set[bytes]) -> None:
    assert keys_in(head) == keys


@given(st.dictionaries(st.text(), JSON))
def test_the_keys_of_a_whole_object_are_all_found(value: dict[str, object]) -> None:
    keys = {json.dumps(key)[1:-1].encode() for key in value}
    assert keys_in(json.dumps(value).encode()) == keys


@given(st.binary())
def test_no_bytes_make_the_look_for_keys_raise(head: bytes) -> None:
    assert isinstance(keys_in(head), frozenset)


@given(
    st.lists(
        st.builds(lambda first, rest: {"id": first} | rest, JSON, st.just({"x": 'a {"id": }'}))
    ),
    st.sampled_from([None, 1]),
)
def test_pages_hold_what_the_document_held(records: list[object], indent: int | None) -> None:
    plain = [record for record in records if '{"id"' not in json.dumps(record["id"])]  # type: ignore[index] # objects
    document = {"format": "x", "items": plain}
    read = [json.loads(text) for text in page_texts(json.dumps(document, indent=indent))]
    assert read[0] == {"format": "x", "items": []}
    assert [item for page in read for item in page["items"]] == plain


def test_what_follows_the_array_is_on_the_last_page() -> None:
    first, last = page_texts('{"items": [{"id": 1}], "date": "today"}')
    assert json.loads(first) == {"items": []}
    assert json.loads(last) == {"items": [{"id": 1}], "date": "today"}


def test_a_record_across_two_reads_stays_whole() -> None:
    long = "x" * (1 << 20)
    texts = page_texts(json.dumps({"items": [{"id": 1, "text": long}, {"id": 2}]}))
    assert [json.loads(text)["items"] for text in texts] == [
        [],
        [{"id": 1, "text": long}],
        [{"id": 2}],
    ]


def test_a_record_without_end_is_refused() -> None:
    with pytest.raises(Malformed, match="one record has more than 32 MB"):
        page_texts('{"items": [{"id": "' + "x" * (34 << 20))
