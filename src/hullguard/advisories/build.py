"""The advisory database, built from upstream files: the front door of `hullguard db build`.

A database is a folder of shards, each replaced whole, so that at any moment, and after any crash,
every one is either the old or the new. The same documents always give the same bytes.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import structs

from hullguard.advisories.dates import latest_days
from hullguard.advisories.documents import Skipped, documents
from hullguard.advisories.draft import Draft
from hullguard.advisories.feed import Document, Rated
from hullguard.advisories.fetched import forget_fetched, read_fetched
from hullguard.advisories.intake import LIMITS, Intake, Progress
from hullguard.advisories.marks import by_year, read_ratings
from hullguard.advisories.shard import (
    Contents,
    match_path,
    open_shard,
    ratings_shard,
    read_contents,
    telling_damage,
    writing,
)
from hullguard.advisories.states import state_of
from hullguard.advisories.write import contents_of, write_family, write_ratings
from hullguard.model import Budget, FamilyState, Gap, Malformed


class BuildResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a build made of the documents it was given."""

    families: tuple[FamilyState, ...]  # that were built, by name
    gaps: tuple[Gap, ...]  # what could not be read, every family's included
    ignored: tuple[str, ...]  # files that do not even look like data


def build(
    origins: Iterable[Path],
    db: Path,
    *,
    families: Collection[str] | None = None,
    on_progress: Progress | None = None,
) -> BuildResult:
    """Build every family that the files below the origins speak of; others stay as they are.

    A file that makes no sense as a whole is a gap, and its family, of which it would be missing,
    is not built: the shard that is there stays.

    Args:
        origins: files and folders with upstream formats in them, whatever their names.
        db: the database's folder; made if it is not there.
        families: only these; None: all.
        on_progress: called now and then.

    Raises:
        Unreachable: an origin does not exist, or the database cannot be written.
        BudgetSpent: there is more than is allowed.
    """
    gaps: list[Gap] = []
    ignored: list[str] = []
    with writing(db), Intake(families, on_progress) as intake:
        for origin in origins:
            for found in documents(origin, Budget(LIMITS)):
                match found:
                    case Document():
                        intake.take(found)
                    case Gap():
                        gaps.append(found)
                    case Skipped():
                        ignored.append(found.name)
        gaps += [Gap(error.where, error.why) for error in intake.errors]
        whole = sorted(intake.drafts.keys() - intake.spoiled)
        for family in whole:
            forget_fetched(db, family)
        states = [_state(write_family(intake.drafts[family], db), db) for family in whole]
        gaps += [gap for draft in intake.drafts.values() for gap in draft.gaps]
    return BuildResult(families=tuple(states), gaps=tuple(gaps), ignored=tuple(ignored))


def build_family(family: str, found: Iterable[Document], db: Path) -> FamilyState:
    """Build one family from all of its documents; rows of other families are passed over.

    Raises:
        Malformed: a document makes no sense, or none is of this family; the old shard stays.
        Unreachable: the database cannot be written.
    """
    with writing(db), Intake({family}) as intake:
        return _state(write_family(_whole_draft(intake, family, found), db), db)


def build_ratings(year: int, found: Iterable[Document], db: Path) -> FamilyState:
    """Build the shard of one year's ratings from all documents of that year.

    Raises:
        Malformed: a document makes no sense, or none holds ratings; the old shard stays.
        Unreachable: the database cannot be written.
    """
    with writing(db), Intake({"cve"}) as intake:
        draft = _whole_draft(intake, "cve", found)
        rows = by_year(draft.rated.values()).get(year, [])
        contents = structs.replace(contents_of(draft), coverage=(str(year),))
        return _state([write_ratings(db, year, rows, contents)], db)


def amend_ratings(found: Iterable[Document], db: Path) -> FamilyState:
    """Put what a feed of changes says into the years that are here; other years stay absent.

    Raises:
        Malformed: a document makes no sense, or a shard is damaged; the old shards stay.
        Unreachable: the database cannot be written.
    """
    with writing(db), Intake({"cve"}) as intake:
        draft = _whole_draft(intake, "cve", found)
        changed = sorted(by_year(draft.rated.values()).items())
        amended = [_amend(db, year, rows, contents_of(draft)) for year, rows in changed]
        return _state([contents for contents in amended if contents], db)


def _whole_draft(intake: Intake, family: str, found: Iterable[Document]) -> Draft:
    """Read documents of which none may be missing."""
    for document in found:
        intake.take(document)
        for error in intake.errors:
            raise error
    if family not in intake.drafts:
        raise Malformed(family, "none of the files that were read hold advisories of this family")
    return intake.drafts[family]


def _amend(db: Path, year: int, rows: Iterable[Rated], changes: Contents) -> Contents | None:
    """Write a year's shard anew with its changed rows; None where that year is not here."""
    path = match_path(db, ratings_shard(year))
    shard = open_shard(path)
    if shard is None:
        return None
    with closing(shard), telling_damage(path):
        before, rated = read_contents(shard), read_ratings(shard)
    by_name = {row.cve: row for row in rated.values()} | {row.cve: row for row in rows}
    documents_ = {each.name: each for each in (*before.documents, *changes.documents)}
    contents = structs.replace(
        before,
        dates=latest_days((*before.dates, *changes.dates)),
        documents=tuple(documents_[name] for name in sorted(documents_)),
        gaps=changes.gaps,
    )
    return write_ratings(db, year, by_name.values(), contents)


def _state(written: Sequence[Contents], db: Path) -> FamilyState:
    family = written[0].family if written else "cve"
    return state_of(family, written, read_fetched(db, family), datetime.now(UTC))
