"""YAML: texts, mappings and lists, whatever it may unfold to."""

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File
from hullguard.inventory.documents import LARGEST
from hullguard.inventory.yaml_documents import Node, read_yaml
from hullguard.model import BudgetSpent, Malformed


def read(data: bytes | str) -> list[Node]:
    content = data.encode() if isinstance(data, str) else data
    return read_yaml(File(path="app/lock.yaml", data=content))


@pytest.mark.parametrize("text", ["1.10", "1e3", "yes", "null", "2001-01-01", "0x10", "1_000", "~"])
def test_a_scalar_stays_the_text_it_is(text: str) -> None:
    assert read(f"version: {text}") == [{"version": text}]


def test_collections_nest_and_an_absent_value_is_the_empty_text() -> None:
    assert read("a: [1, {b: c}]\nd:\n- \n- e\n") == [{"a": ["1", {"b": "c"}], "d": ["", "e"]}]


def test_a_file_may_hold_several_documents_or_none() -> None:
    assert read("---\na: b\n---\n- c\n") == [{"a": "b"}, ["c"]]
    assert read("# nothing\n") == []


def test_an_alias_stands_for_what_was_named() -> None:
    assert read("a: &x {b: c}\nd: *x\n*x : e\n".replace("*x : e\n", "")) == [
        {"a": {"b": "c"}, "d": {"b": "c"}}
    ]
    assert read("&k a: 1\nb: *k\n") == [{"a": "1", "b": "a"}]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a: [", "is no YAML: did not find expected node content, line 2"),
        ("a: *x", "is no YAML: *x stands for nothing"),
        ("a: &x [*x]", "is no YAML: *x stands for nothing"),
        ("a: &x 1\n---\nb: *x", "is no YAML: *x stands for nothing"),
        ("? [a]\n: b", "has a mapping with a key that is no text"),
        ("[" * 500, "is nested deeper than 100 levels"),
        ("- " * 5000, "is nested deeper than 100 levels"),
        ("%TAG !a! b\n---\na: 1", "declares tags"),
        ("a: \x07", "is no YAML"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, why: str) -> None:
    with pytest.raises(Malformed) as caught:
        read(text)
    assert caught.value.where == "app/lock.yaml"
    assert caught.value.why.startswith(why)


def test_aliases_are_counted_with_all_that_they_unfold_to() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(BudgetSpent, match="unfolds to more than 5000000 nodes"):
        read("\n".join(lines))


def test_a_file_beyond_its_limit_is_not_read_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LARGEST, "YAML", 1 << 20)
    with pytest.raises(BudgetSpent, match="larger than 1 MiB"):
        read(b"#" * ((1 << 20) + 1))


TREES = st.recursive(
    st.text(max_size=5),
    lambda tree: (
        st.lists(tree, max_size=3) | st.dictionaries(st.text(max_size=5), tree, max_size=3)
    ),
    max_leaves=10,
)


@given(TREES)
def test_what_pyyaml_writes_is_read_as_pyyaml_reads_it(tree: Node) -> None:
    text = yaml.safe_dump(tree, default_style='"')
    assert read(text) == [yaml.load(text, Loader=yaml.CBaseLoader)]  # noqa: S506 - texts only


@given(st.binary() | st.text(alphabet="ab:-[]{}&*?!|>'\"#%@`,\n \\", max_size=40).map(str.encode))
def test_no_bytes_make_it_raise_anything_but_malformed(data: bytes) -> None:
    with suppress(Malformed):
        read(data)
