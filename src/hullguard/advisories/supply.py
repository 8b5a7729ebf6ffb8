"""Hands advisories to whoever judges, fetching what lacks or has aged where that is allowed.

Nobody hosts a ready-made database: a scan that lacks a family of advisories fetches that family,
and only it. A failed update warns and never stops a scan that has older data.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

import msgspec

from hullguard.advisories.database import Advisories, unrated_cves
from hullguard.advisories.ecosystems import RANKING_FAMILIES, families_for
from hullguard.advisories.evidence import Match
from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.lifecycle import end_of_life
from hullguard.advisories.marks import rating_year
from hullguard.advisories.plan import RATINGS, spoken_of
from hullguard.advisories.shard import ratings_shard
from hullguard.model import Distro, FamilyState, Gap, GapKind, Package

TOO_OLD = timedelta(days=5)
"""Older advisories than this make a report incomplete (a longer `--max-age` moves it)."""

EXPLOITED = "kev"


class Fetcher(Protocol):
    """Fetches advisories from upstream or a mirror; faults come back as gaps."""

    def update(self, families: Sequence[str], distro: Distro | None = None) -> Sequence[Gap]:
        """Bring families up to date."""

    def update_years(self, years: Sequence[int]) -> Sequence[Gap]:
        """Bring the ratings of CVEs of these years up to date."""


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What is known to be wrong with some packages, by which advisories, and what is not."""

    matches: tuple[Match, ...] = ()
    gaps: tuple[Gap, ...] = ()
    states: tuple[FamilyState, ...] = ()  # of the families that were asked
    notes: tuple[str, ...] = ()  # what to know about the verdict


class Supply:
    """Judges packages by the database in a folder.

    Args:
        db: the database's folder.
        now: what "today" means for ages, withdrawals and ends of life.
        max_age: advisories older than this are fetched anew.
        fetcher: fetches; None: offline, what is there has to do.
    """

    def __init__(
        self, db: Path, *, now: datetime, max_age: timedelta, fetcher: Fetcher | None
    ) -> None:
        self._db = db
        self._now = now
        self._max_age = max_age
        self._fetcher = fetcher

    def judge(self, packages: Sequence[Package], distro: Distro | None) -> Judged:
        """Return what is known to be wrong with the packages, and what could not be judged.

        Raises:
            Unreachable: the database is there but cannot be opened.
        """
        with Advisories(self._db, today=self._now) as advisories:
            families = families_for(packages, distro)
            faults = self._freshen(families, packages, distro, advisories)
            packages = advisories.disowned(packages, distro)
            if further := set(families_for(packages, distro)) - set(families):
                faults += self._freshen(sorted(further), packages, distro, advisories)
            judged = self._look_up(packages, distro, advisories)
            if self._fetcher and (years := self._years_due(judged.matches)):
                faults += self._fetcher.update_years(years)
                advisories.close()
                judged = self._look_up(packages, distro, advisories)
        return msgspec.structs.replace(
            judged,
            gaps=(*_lasting(faults, judged), *judged.gaps),
            notes=(*judged.notes, *(str(fault) for fault in faults if _only_ranks(fault))),
        )

    def _freshen(
        self,
        families: Sequence[str],
        packages: Sequence[Package],
        distro: Distro | None,
        advisories: Advisories,
    ) -> list[Gap]:
        """Fetch what is missing or due; what was open of the database is closed then."""
        if self._fetcher is None:
            return []
        missing = set(advisories.missing(packages, distro))
        due = [family for family in families if family in missing or self._is_due(family)]
        if not due:
            return []
        faults = list(self._fetcher.update(due, distro))
        advisories.close()
        return faults

    def _look_up(
        self, packages: Sequence[Package], distro: Distro | None, advisories: Advisories
    ) -> Judged:
        found = list(advisories.match(packages, distro))
        matches = tuple(entry for entry in found if isinstance(entry, Match))
        unknown = tuple(entry for entry in found if isinstance(entry, Gap))
        old = advisories.gaps(packages, distro, max(TOO_OLD, self._max_age))
        return Judged(
            matches=matches,
            gaps=(*old, *unknown, *advisories.unrated(matches)),
            states=advisories.states((*families_for(packages, distro), RATINGS)),
            notes=tuple(_notes(matches, distro, self._now, advisories)),
        )

    def _years_due(self, matches: Sequence[Match]) -> list[int]:
        """Return the years whose ratings may have news of what nobody here has rated."""
        years = sorted(set(map(rating_year, unrated_cves(matches))), reverse=True)
        return [year for year in years if self._is_due(ratings_shard(year))]

    def _is_due(self, family: str) -> bool:
        note = read_fetched(self._db, family)
        return note is None or datetime.fromisoformat(note.at) + self._max_age < self._now


def _notes(
    matches: Sequence[Match], distro: Distro | None, now: datetime, advisories: Advisories
) -> Iterator[str]:
    """Yield what makes a verdict milder than the truth may be, though all was looked at."""
    if distro and (ended := end_of_life(distro, now.date())):
        yield ended
    if matches and not advisories.states([EXPLOITED]):
        yield (
            "what is exploited in the wild is not marked: CISA's catalogue is not here. "
            f"Fetch it: hullguard db update {EXPLOITED}"
        )


def _lasting(faults: Sequence[Gap], judged: Judged) -> Iterator[Gap]:
    """Leave out what does not keep packages from being judged.

    That is what only ranks flaws, and renewals that failed: whether what is here is too old is
    judged by its age.
    """
    for fault in faults:
        renewal = fault.kind is GapKind.OUTDATED and judged.states
        if not renewal and not _only_ranks(fault):
            yield fault


def _only_ranks(fault: Gap) -> bool:
    return fault.where in map(spoken_of, RANKING_FAMILIES)
