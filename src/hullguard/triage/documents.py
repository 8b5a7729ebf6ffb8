"""YAML and JSON as values that know the line they stand on.

Scalars of YAML stay text, so that a date or a version is what was written. libyaml's events are
put together here: PyYAML's own loaders recurse, and unfold aliases without end.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from hullguard.model import Malformed

DEPTH = 50  # collections inside collections
NODES = 1_000_000  # of one list, aliases unfolded


class Node(msgspec.Struct, frozen=True):
    """A value: a text, a list or mapping of nodes, or what JSON has besides these."""

    value: Any
    line: int  # 0: unknown, as in JSON

    def get(self, key: str) -> "Node | None":
        """Return what a mapping holds under a key; None where there is none, or no mapping."""
        return self.value.get(key) if isinstance(self.value, dict) else None


NOTHING = Node("", 1)
"""What an empty file holds."""


def read_document(path: str, data: bytes) -> Node:
    """Read a document of YAML or JSON; an empty file is an empty text.

    Raises:
        Malformed: it is neither, holds several documents, or is nested too deep.
    """
    if data.lstrip()[:1] in {b"{", b"["}:
        try:
            return _from_json(path, msgspec.json.decode(data), DEPTH)
        except (ValueError, RecursionError) as error:
            if path.endswith(".json"):
                raise Malformed(path, f"is no JSON: {error}") from error
    return _from_yaml(path, data)  # which may begin with a bracket, too


def entries(path: str, node: Node | None) -> Iterator[tuple[str, Any]]:
    """Yield each entry of a list as plain values, with the place it stands at.

    Raises:
        Malformed: the node is no list, or its entries unfold to more than `NODES` values.
    """
    if node is None or not node.value:
        return
    if not isinstance(node.value, list):
        raise Malformed(_place(path, node.line, 1), "expected a list of entries")
    allowance = _Allowance(path)
    for number, entry in enumerate(node.value, start=1):
        yield _place(path, entry.line, number), _plain(entry, allowance)


def _place(path: str, line: int, number: int) -> str:
    return f"{path}, line {line}" if line else f"{path}, entry {number}"


def _from_json(path: str, value: object, depth: int) -> Node:
    if not depth:
        raise Malformed(path, f"is nested deeper than {DEPTH} levels")
    if isinstance(value, list):
        return Node([_from_json(path, item, depth - 1) for item in value], 0)
    if isinstance(value, dict):
        return Node({key: _from_json(path, item, depth - 1) for key, item in value.items()}, 0)
    return Node(value, 0)


class _Allowance:
    """How many values a list may still unfold to."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = NODES

    def take(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Malformed(self._path, f"unfolds to more than {NODES} values")


def _plain(node: Node, allowance: _Allowance) -> Any:  # noqa: ANN401 - whatever was written
    allowance.take()
    if isinstance(node.value, list):
        return [_plain(item, allowance) for item in node.value]
    if isinstance(node.value, dict):
        return {key: _plain(item, allowance) for key, item in node.value.items()}
    return node.value


def _from_yaml(path: str, data: bytes) -> Node:
    assembly = _Assembly(path)
    try:
        for event in yaml.parse(data, Loader=yaml.CBaseLoader):
            assembly.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Malformed(f"{path}, line {line}", f"is no YAML: {error.problem}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise Malformed(path, f"is neither YAML nor JSON: {error}") from error
    return assembly.root or NOTHING


class _Assembly:
    """A document while it is put together from libyaml's events."""

    def __init__(self, path: str) -> None:
        self.root: Node | None = None
        self._path = path
        self._open: list[tuple[Node, str | None]] = []  # with the names they can be called by
        self._keys: list[str | None] = []  # of each that is open: the key waiting for its value
        self._anchors: dict[str, Node] = {}

    def take(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's stubs know no fields
        """Take the next event."""
        line = event.start_mark.line + 1
        match event:
            case yaml.ScalarEvent():
                self._put(Node(_text(event), line), event.anchor)
            case yaml.AliasEvent():
                self._put(self._named(event.anchor, line), None)
            case yaml.MappingStartEvent():
                self._begin(Node({}, line), event.anchor)
            case yaml.SequenceStartEvent():
                self._begin(Node([], line), event.anchor)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._keys.pop()
                self._put(*self._open.pop())

    def _begin(self, node: Node, anchor: str | None) -> None:
        if len(self._open) == DEPTH:
            raise Malformed(self._path, f"is nested deeper than {DEPTH} levels")
        self._open.append((node, anchor))
        self._keys.append(None)

    def _named(self, anchor: str | None, line: int) -> Node:
        node = self._anchors.get(anchor or "")
        if node is None:  # unknown, or around this very place
            raise self._fault(line, f"*{anchor} stands for nothing")
        return node

    def _put(self, node: Node, anchor: str | None) -> None:
        """Put a finished value where it belongs."""
        if anchor is not None:
            self._anchors[anchor] = node
        if not self._open:
            self._end_document(node)
        elif isinstance(into := self._open[-1][0].value, list):
            into.append(node)
        elif (key := self._keys[-1]) is None:
            self._keys[-1] = self._as_key(node, into)
        else:
            into[key] = node
            self._keys[-1] = None

    def _end_document(self, node: Node) -> None:
        if self.root is not None:
            raise self._fault(node.line, "a second document begins; only one is expected")
        self.root = node

    def _as_key(self, node: Node, mapping: dict[str, Node]) -> str:
        if not isinstance(node.value, str):
            raise self._fault(node.line, "a key that is no text")
        if node.value in mapping:
            raise self._fault(node.line, f"`{node.value}` stands twice in one mapping")
        return node.value

    def _fault(self, line: int, why: str) -> Malformed:
        return Malformed(f"{self._path}, line {line}", why)


def _text(event: Any) -> str:  # noqa: ANN401 - as above
    """Return a scalar's text; an absent value, however it is written, is no text."""
    absent = event.implicit[0] and event.value in {"~", "null", "Null", "NULL"}
    return "" if absent else event.value
