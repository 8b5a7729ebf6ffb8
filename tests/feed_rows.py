"""Runs a feed's parser over bytes, and damages documents in every way that bytes allow."""

from contextlib import suppress
from io import BytesIO
from types import ModuleType
from typing import cast

from hypothesis import strategies as st

from hullguard.advisories.feed import Document, Format, Row
from hullguard.model import Advisory, Budget, BudgetSpent, Gap, Limits, Malformed


def rows(module: ModuleType, data: bytes, name: str = "feed") -> list[Row]:
    """Return every row of a document."""
    document = Document(name=name, stream=BytesIO(data))
    return list(cast("Format", module).read(document, Budget()))


def advisories(module: ModuleType, data: bytes, name: str = "feed") -> list[Advisory]:
    """Return the advisories of a document that has neither gaps nor anything else."""
    found = [row for row in rows(module, data, name) if isinstance(row, Advisory)]
    assert not gaps(module, data, name)
    return found


def gaps(module: ModuleType, data: bytes, name: str = "feed") -> list[Gap]:
    """Return the gaps of a document."""
    return [row for row in rows(module, data, name) if isinstance(row, Gap)]


def is_refused_politely(module: ModuleType, data: bytes) -> bool:
    """Read with a small budget; whatever but `Malformed` goes through to the test."""
    document = Document(name="feed", stream=BytesIO(data))
    budget = Budget(Limits(bytes=1 << 20, entries=1000, seconds=5))
    with suppress(Malformed, BudgetSpent):
        cast("Format", module).recognises(document.name, data[:4096])
        for _ in cast("Format", module).read(document, budget):
            pass
    return True


def damaged(document: bytes) -> st.SearchStrategy[bytes]:
    """Give the document with a piece replaced, cut out, or doubled; and bytes of any kind."""
    places = st.integers(0, len(document))
    pieces = st.binary(max_size=8) | st.sampled_from(_TROUBLE)
    return st.binary() | st.builds(
        lambda start, length, piece: document[:start] + piece + document[start + length :],
        places,
        st.integers(0, 40),
        pieces,
    )


_TROUBLE = (
    b"",
    b"\0",
    b"\xff",
    b"\\ud800",
    b'"\\u0000"',
    b"null",
    b"[]",
    b"{}",
    b"1e999",
    b"-" + b"9" * 5000,
    b"[" * 3000,
    b'{"a":' * 3000,
    b'"' + b"9" * 5000 + b'"',
    b"<a>" * 3000,
    b"\n",
)
