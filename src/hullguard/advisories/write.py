"""From drafts to shards: `match/FAMILY.db` for verdicts, `details/FAMILY.db` for people."""

import re
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import structs

from hullguard.advisories.details import fill_details
from hullguard.advisories.draft import Draft
from hullguard.advisories.feed import Rated
from hullguard.advisories.marks import by_year, fill_epss, fill_kev, fill_ratings
from hullguard.advisories.packages import fill_packages
from hullguard.advisories.shard import (
    Contents,
    details_path,
    match_path,
    ratings_shard,
    write_shard,
)

_MOST_GAPS = 100  # kept word for word; the first ones tell what is wrong
_YEAR_FEED = re.compile(r"nvdcve-2\.0-(\d{4})\b")


def write_family(draft: Draft, db: Path) -> list[Contents]:
    """Write a family's shards, the one that verdicts come from last; call it within `writing`."""
    return _WRITERS.get(draft.family, _write_advisories)(draft, db)


def write_ratings(db: Path, year: int, rows: Iterable[Rated], contents: Contents) -> Contents:
    """Write how the CVEs of one year are rated.

    Args:
        db: the database's folder.
        year: of the shard.
        rows: every CVE of the year that the sources know, rated or not.
        contents: `coverage` names the year if these are all; a CVE that is missing from it has
            been rated by nobody, while one missing elsewhere may just not have been fetched.
    """
    rows = list(rows)

    def fill(connection: sqlite3.Connection) -> Contents:
        fill_ratings(connection, rows)
        return structs.replace(contents, advisories=len(rows))

    return write_shard(match_path(db, ratings_shard(year)), fill)


def contents_of(draft: Draft) -> Contents:
    """Return what a draft's shards say of themselves, before their rows are counted."""
    gaps = [str(gap) for gap in draft.gaps]
    more = len(gaps) - _MOST_GAPS
    return Contents(
        family=draft.family,
        dates=draft.dates(),
        documents=tuple(sorted(draft.documents, key=lambda document: document.name)),
        gaps=(*gaps[:_MOST_GAPS], *([f"and {more} more"] if more > 0 else [])),
    )


def _write_advisories(draft: Draft, db: Path) -> list[Contents]:
    contents = structs.replace(contents_of(draft), advisories=draft.advisory_count)

    def fill_for_people(connection: sqlite3.Connection) -> Contents:
        fill_details(connection, draft.advisories(), draft.samples())
        return contents

    def fill_for_verdicts(connection: sqlite3.Connection) -> Contents:
        packages, coverage = fill_packages(connection, draft.advisories(), draft.clusters())
        return structs.replace(contents, packages=packages, coverage=coverage)

    write_shard(details_path(db, draft.family), fill_for_people)
    return [write_shard(match_path(db, draft.family), fill_for_verdicts)]


def _write_kev(draft: Draft, db: Path) -> list[Contents]:
    def fill(connection: sqlite3.Connection) -> Contents:
        fill_kev(connection, draft.exploited.values())
        return structs.replace(contents_of(draft), advisories=len(draft.exploited))

    return [write_shard(match_path(db, draft.family), fill)]


def _write_epss(draft: Draft, db: Path) -> list[Contents]:
    def fill(connection: sqlite3.Connection) -> Contents:
        fill_epss(connection, draft.likely.values())
        return structs.replace(contents_of(draft), advisories=len(draft.likely))

    return [write_shard(match_path(db, draft.family), fill)]


def _write_every_year(draft: Draft, db: Path) -> list[Contents]:
    """Write a shard a year; complete are the years whose own feed was read."""
    contents = contents_of(draft)
    complete = {
        match[1] for document in draft.documents if (match := _YEAR_FEED.search(document.name))
    }
    return [
        write_ratings(
            db,
            year,
            rows,
            structs.replace(contents, coverage=(str(year),) if str(year) in complete else ()),
        )
        for year, rows in sorted(by_year(draft.rated.values()).items())
    ]


_WRITERS: dict[str, Callable[[Draft, Path], list[Contents]]] = {
    "cve": _write_every_year,
    "epss": _write_epss,
    "kev": _write_kev,
}
