"""Reads whole YAML files within limits: bytes in, mappings, lists and texts out.

libyaml parses, and what it tells is put together here: that takes a quarter of the time of
PyYAML's own loaders, needs no recursion, and counts what aliases unfold to.
"""

from collections.abc import Callable
from typing import Any

import yaml

from hullguard.inventory.analyzer import File
from hullguard.inventory.documents import whole
from hullguard.model import BudgetSpent, Malformed

NODES = 5_000_000  # of one file, an alias counted as all that it stands for
DEPTH = 100  # collections inside collections

Node = Any
"""`dict[str, Node]`, `list[Node]` or `str`."""

Taker = Callable[[Any], None]


def read_yaml(file: File) -> list[Node]:
    """Return the file's documents.

    Scalars stay the texts they are, and an absent value is the empty text: a version such as
    `1.10` is no number, a commit such as `1e3` neither.

    Raises:
        Malformed: it is not YAML, is nested too deep, or a mapping's key is no text.
        BudgetSpent: it is larger than YAML may be.
    """
    assembly = _Assembly(file.path)
    try:
        text = whole(file, "YAML").decode("utf-8-sig")
        if text.startswith("%TAG") or "\n%TAG" in text:  # libyaml compares each with all others
            raise Malformed(file.path, "declares tags, which no such file needs")
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            assembly.take(event)
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise Malformed(file.path, f"is no YAML: {fault.problem}, line {line}") from None
    except (yaml.YAMLError, ValueError) as fault:
        raise Malformed(file.path, f"is no YAML: {fault}") from None
    return assembly.documents


class _Open:
    """A collection whose end has not come yet."""

    __slots__ = ("anchor", "before", "key", "value")

    def __init__(self, value: Node, anchor: str | None, before: int) -> None:
        self.value = value
        self.anchor = anchor
        self.before = before  # nodes counted when it began
        self.key: str | None = None  # of a mapping: the key whose value comes next


class _Assembly:
    """Documents while they are put together from libyaml's events."""

    def __init__(self, path: str) -> None:
        self.documents: list[Node] = []
        self._path = path
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}  # what each stands for, nodes in that
        self._nodes = 0
        self._takers: dict[type, Taker] = {
            yaml.DocumentStartEvent: lambda _: self._anchors.clear(),
            yaml.ScalarEvent: lambda event: self._put(event.value, 1, event.anchor),
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: lambda event: self._begin({}, event.anchor),
            yaml.SequenceStartEvent: lambda event: self._begin([], event.anchor),
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
        }

    def take(self, event: yaml.Event) -> None:
        """Take the next event; those without a taker carry nothing."""
        if taker := self._takers.get(type(event)):
            taker(event)

    def _begin(self, value: Node, anchor: str | None) -> None:
        if len(self._open) >= DEPTH:
            raise Malformed(self._path, f"is nested deeper than {DEPTH} levels")
        self._open.append(_Open(value, anchor, self._nodes))

    def _end(self, _: yaml.Event) -> None:
        done = self._open.pop()
        size = self._nodes - done.before + 1
        self._nodes = done.before
        self._put(done.value, size, done.anchor)

    def _alias(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's stubs know no anchor here
        if event.anchor not in self._anchors:  # absent, or around this very place
            raise Malformed(self._path, f"is no YAML: *{event.anchor} stands for nothing")
        self._put(*self._anchors[event.anchor], None)

    def _put(self, node: Node, size: int, anchor: str | None) -> None:
        """Count a complete node, keep it if it has a name, and put it where it belongs."""
        self._nodes += size
        if self._nodes > NODES:
            raise BudgetSpent(self._path, f"unfolds to more than {NODES} nodes")
        if anchor is not None:
            self._anchors[anchor] = (node, size)
        if not self._open:
            self.documents.append(node)
            return
        into = self._open[-1]
        if isinstance(into.value, list):
            into.value.append(node)
        elif into.key is not None:
            into.value[into.key] = node
            into.key = None
        elif isinstance(node, str):
            into.key = node
        else:
            raise Malformed(self._path, "has a mapping with a key that is no text")
