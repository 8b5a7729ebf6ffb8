"""From a file or folder to documents that a format can read."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from hullguard.advisories.feed import Document, Format, Row
from hullguard.advisories.unpack import unpacked
from hullguard.model import Budget, BudgetSpent, Gap, Malformed, Unreachable

FORMATS = (
    "kev",
    "epss",
    "nvd",
    "alpine_secdb",
    "azure_oval",
    "debian_list",
    "debian_tracker",
    "osv",
)
"""Modules of `hullguard.advisories.feeds` in the order in which they are asked."""

HEAD = 4096
"""So many bytes of a document are shown to a format that is to recognise it."""

_DATA = (".json", ".zip", ".xml", ".csv", ".txt")
_PACKED = (".gz", ".bz2", ".xz", ".zst")


class Skipped(msgspec.Struct, frozen=True):
    """A file that does not even look like data: a readme, a licence."""

    name: str


def documents(origin: Path, budget: Budget) -> Iterator[Document | Gap | Skipped]:
    """Yield a file, or every file below a folder in sorted order, that some format recognises.

    A document is open until the next one is asked for. Its name is the path, relative to a
    folder; gzip, bzip2, xz and zstd are unpacked, zip files handed over as they are. Data that
    cannot be read or that no format knows, and links that lead out of the folder, are gaps;
    links that stay inside lead to what is read anyway.

    Raises:
        BudgetSpent: there is more than the budget allows.
        Unreachable: there is no such file or folder.
    """
    if not origin.exists():
        raise Unreachable(f"{origin}: there is no such file or folder")
    if origin.is_file():
        for each in _document(origin, str(origin), budget):
            yield _unknown(each.name) if isinstance(each, Skipped) else each
        return
    inside = origin.resolve()
    for path in sorted(origin.rglob("*")):
        name = path.relative_to(origin).as_posix()
        budget.spend(name)
        if path.is_symlink():
            if not path.resolve().is_relative_to(inside):
                yield Gap(name, "is a link that leads out of the folder, so it was not followed")
        elif path.is_file():
            yield from _document(path, name, budget)
        elif not path.is_dir():
            yield Gap(name, "is no ordinary file")


def format_of(name: str, head: bytes) -> str | None:
    """Return the name of the format that knows a file by its name and first `HEAD` bytes."""
    return next((each for each in FORMATS if _module(each).recognises(name, head)), None)


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield the rows of a document in whatever format it is.

    Raises:
        Malformed: no format knows it, or the one that does cannot make sense of it.
        BudgetSpent: it holds more than is allowed.
    """
    chosen = format_of(document.name, _head(document.stream))
    if chosen is None:
        raise Malformed(document.name, "is in no format known here")
    yield from _module(chosen).read(document, budget)


def _module(name: str) -> Format:
    return cast("Format", import_module(f"hullguard.advisories.feeds.{name}"))


def _document(path: Path, name: str, budget: Budget) -> Iterator[Document | Gap | Skipped]:
    try:
        with path.open("rb") as packed, unpacked(packed, name, budget) as stream:
            if format_of(name, _head(stream)):
                yield Document(name=name, stream=stream)
            elif _looks_like_data(name):
                yield _unknown(name)
            else:
                yield Skipped(name)
    except BudgetSpent:
        raise
    except Malformed as error:
        yield Gap(error.where, error.why)
    except OSError as error:
        yield Gap(name, f"cannot be opened: {error.strerror}")


def _unknown(name: str) -> Gap:
    return Gap(name, "holds data in no format known here")


def _head(stream: BinaryIO) -> bytes:
    head = stream.read(HEAD)
    stream.seek(0)
    return head


def _looks_like_data(name: str) -> bool:
    return name.lower().removesuffix(_packed_ending(name)).endswith(_DATA)


def _packed_ending(name: str) -> str:
    return next((ending for ending in _PACKED if name.lower().endswith(ending)), "")
