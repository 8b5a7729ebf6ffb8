"""From documents to drafts, one a family."""

import hashlib
from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from pathlib import PurePosixPath
from typing import Self

from msgspec import structs

from hullguard.advisories.documents import HEAD, format_of, read
from hullguard.advisories.draft import Draft, Kept
from hullguard.advisories.ecosystems import NAMELESS_FAMILY, family_of
from hullguard.advisories.feed import Document, Exploited, Likelihood, Rated, Row, Stamp
from hullguard.advisories.shard import SourceDocument
from hullguard.advisories.sources import FEEDS
from hullguard.model import Advisory, Affected, Budget, Gap, Limits, Malformed

Progress = Callable[[str, int], None]
"""Told the document that is being read and how many of its records were, now and then."""

LIMITS = Limits(seconds=3600.0)
"""What one document, or the walk through a folder of them, may cost."""

_PIECE = 1 << 20
_TOLD_EVERY = 2_000
_MANY_FAMILIES = "osv"  # the one format that does not tell the family
_MARK_FAMILIES: dict[type, str] = {Exploited: "kev", Likelihood: "epss", Rated: "cve"}


class Intake:
    """Reads documents and sorts their rows into families.

    Args:
        families: only these are kept; None: all.
        on_progress: see `Progress`.
    """

    def __init__(
        self, families: Collection[str] | None = None, on_progress: Progress | None = None
    ) -> None:
        self.drafts: dict[str, Draft] = {}
        self.errors: list[Malformed] = []  # documents that make no sense as a whole
        self.spoiled: set[str] = set()  # the families that these belong to
        self._families = families
        self._on_progress = on_progress or _say_nothing

    def __enter__(self) -> Self:
        """Return itself; on the way out the drafts let go of their temporary files."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the drafts."""
        for draft in self.drafts.values():
            draft.close()

    def take(self, document: Document) -> None:
        """Read one document; one that makes no sense is noted in `errors`."""
        source = SourceDocument(_short_name(document.name), _digest(document))
        families = {family for family in _families_of(document) if self._wants(family)}
        gaps: list[Gap] = []
        stamps: list[str] = []
        try:
            for row in self._rows(document):
                if isinstance(row, Gap):
                    gaps.append(row)
                elif isinstance(row, Stamp):
                    stamps.append(row.date)
                else:
                    families.update(self._keep(row))
        except Malformed as error:
            self.errors.append(error)
            self.spoiled |= families
        for family in families:
            draft = self._draft(family)
            draft.documents.append(source)
            draft.gaps += gaps
            draft.stamps += stamps

    def _rows(self, document: Document) -> Iterator[Row]:
        for number, row in enumerate(read(document, Budget(LIMITS))):
            if number % _TOLD_EVERY == 0:
                self._on_progress(document.name, number)
            yield row

    def _keep(self, row: Kept) -> Iterator[str]:
        """Add a row to its families' drafts, and yield the families."""
        for family, part in _parts(row):
            if self._wants(family):
                self._draft(family).add(part)
                yield family

    def _wants(self, family: str) -> bool:
        return self._families is None or family in self._families

    def _draft(self, family: str) -> Draft:
        if family not in self.drafts:
            self.drafts[family] = Draft(family)
        return self.drafts[family]


def _parts(row: Kept) -> Iterator[tuple[str, Kept]]:
    """Split an advisory that speaks of several families; most speak of one."""
    if not isinstance(row, Advisory):
        yield _MARK_FAMILIES[type(row)], row
        return
    families = {_family(affected) for affected in row.affected} or {NAMELESS_FAMILY}
    if len(families) == 1:
        yield families.pop(), row
        return
    by_family = sorted(row.affected, key=_family)
    for family, affected in groupby(by_family, key=_family):
        yield family, structs.replace(row, affected=tuple(affected))


def _family(affected: Affected) -> str:
    return family_of(affected.ecosystem)


def _families_of(document: Document) -> set[str]:
    """Return the families that a document is part of even if it should hold no row."""
    head = document.stream.read(HEAD)
    document.stream.seek(0)
    format_ = format_of(document.name, head)
    if format_ == _MANY_FAMILIES:
        return set()
    return {feed.family for feed in FEEDS if feed.format == format_}


def _digest(document: Document) -> str:
    digest = hashlib.sha256()
    while piece := document.stream.read(_PIECE):
        digest.update(piece)
    document.stream.seek(0)
    return digest.hexdigest()


def _short_name(name: str) -> str:
    """Return an address as it is, and of a path what does not depend on where the folder lies."""
    return name if "://" in name else "/".join(PurePosixPath(name).parts[-2:])


def _say_nothing(_document: str, _records: int) -> None:
    """Show no progress."""
