"""XML of strangers: read as a stream, without what makes XML dangerous.

That is entities, which can only be declared in a document type; documents with one are refused.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from hullguard.model import Budget, Malformed

_PIECE = 1 << 18
_DEEPEST = 64  # elements inside one another


def elements(
    stream: BinaryIO, wanted: frozenset[str], where: str, budget: Budget
) -> Iterator[Element]:
    """Yield each element of a wanted name with all that is inside it, as soon as it ends.

    Names have no namespace prefix. A wanted element inside another is only part of that one.

    Raises:
        Malformed: it is no XML, stops early, has a document type, or is nested too deep.
        BudgetSpent: reading took too long.
    """
    collector = _Collector(wanted, where)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.data
    parser.StartDoctypeDeclHandler = collector.document_type
    last = False
    while not last:
        budget.spend(where)
        piece = stream.read(_PIECE)
        last = not piece
        try:
            parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Malformed(where, f"is no well-formed XML: {error}") from None
        yield from collector.finished()


class _Collector:
    """Builds the wanted elements while the parser runs through the document."""

    def __init__(self, wanted: frozenset[str], where: str) -> None:
        self._wanted = wanted
        self._where = where
        self._depth = 0
        self._opened_at = 0
        self._builder: TreeBuilder | None = None
        self._finished: list[Element] = []

    def finished(self) -> list[Element]:
        """Hand out what was completed since the last call."""
        done, self._finished = self._finished, []
        return done

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Go one element deeper."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Malformed(self._where, "is nested too deep")
        name = tag.rpartition(":")[2]
        if self._builder is None and name in self._wanted:
            self._builder = TreeBuilder()
            self._opened_at = self._depth
        if self._builder:
            self._builder.start(name, attributes)

    def end(self, tag: str) -> None:
        """Come back out of an element."""
        if self._builder:
            self._builder.end(tag.rpartition(":")[2])
            if self._depth == self._opened_at:
                self._finished.append(self._builder.close())
                self._builder = None
        self._depth -= 1

    def data(self, text: str) -> None:
        """Take text inside a wanted element."""
        if self._builder:
            self._builder.data(text)

    def document_type(self, *_: object) -> None:
        """Refuse the only place where entities can be declared."""
        raise Malformed(self._where, "has a document type, which no feed needs")
