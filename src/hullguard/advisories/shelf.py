"""The shards of one database, opened when they are first asked."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from hullguard.advisories.details import Text, read_advisories, read_texts
from hullguard.advisories.entry import Entry
from hullguard.advisories.feed import Exploited, Likelihood, Rated
from hullguard.advisories.marks import rating_year, read_epss, read_kev, read_ratings
from hullguard.advisories.packages import read_entries
from hullguard.advisories.shard import (
    Contents,
    details_path,
    match_path,
    open_shard,
    ratings_shard,
    read_contents,
    telling_damage,
)
from hullguard.model import Advisory, Gap, Malformed

_Answer = TypeVar("_Answer")


class Shelf:
    """Answers from whatever shards are there; a damaged one is as good as absent, and noted."""

    def __init__(self, db: Path) -> None:
        self.db = db
        self.damage: dict[Path, Gap] = {}
        self._open: dict[Path, sqlite3.Connection | None] = {}
        self._contents: dict[str, Contents | None] = {}  # asked for every package

    def close(self) -> None:
        """Close every shard, and forget what was found in them: others may take their places."""
        for connection in self._open.values():
            if connection:
                connection.close()
        self._open.clear()
        self._contents.clear()
        self.damage.clear()

    def contents(self, shard: str) -> Contents | None:
        """Return what a match shard says of itself; None if it is not there or damaged."""
        if shard not in self._contents:
            self._contents[shard] = self._ask(match_path(self.db, shard), read_contents, None)
        return self._contents[shard]

    def rating_years(self) -> tuple[int, ...]:
        """Return the years with a shard of ratings, oldest first."""
        names = (path.stem.removeprefix("cve-") for path in (self.db / "match").glob("cve-*.db"))
        return tuple(sorted(int(name) for name in names if name.isdecimal()))

    def families(self) -> tuple[str, ...]:
        """Return the families of advisories that have details, by name."""
        return tuple(sorted(path.stem for path in (self.db / "details").glob("[!.]*.db")))

    def entries(
        self, family: str, ecosystem: str, names: Collection[str]
    ) -> dict[str, list[Entry]]:
        """Return what is known of some packages of an ecosystem, by name."""
        path = match_path(self.db, family)
        return self._ask(path, lambda shard: read_entries(shard, ecosystem, names), {})

    def known(self, family: str, names: Iterable[str]) -> set[str] | None:
        """Return the names that a family has advisories of, for whatever release.

        None if the family is not here.
        """
        contents, names = self.contents(family), list(names)
        if contents is None:
            return None
        return {
            name
            for ecosystem in contents.coverage
            for name in self.entries(family, ecosystem, names)
        }

    def texts(self, family: str, ids: Iterable[str]) -> dict[str, Text]:
        """Return what reports show of advisories, by id."""
        return self._ask(details_path(self.db, family), lambda shard: read_texts(shard, ids), {})

    def advisories(self, family: str, name: str) -> list[Advisory]:
        """Return the advisories of a family that go by a name."""
        path = details_path(self.db, family)
        return self._ask(path, lambda shard: read_advisories(shard, name), [])

    def exploited(self, cves: Collection[int]) -> dict[int, Exploited]:
        """Return which CVEs are known to be exploited."""
        return self._ask(match_path(self.db, "kev"), lambda shard: read_kev(shard, cves), {})

    def likely(self, cves: Collection[int]) -> dict[int, Likelihood]:
        """Return how likely CVEs are to be exploited."""
        return self._ask(match_path(self.db, "epss"), lambda shard: read_epss(shard, cves), {})

    def rated(self, cves: Iterable[int]) -> dict[int, Rated]:
        """Return how CVEs are rated, from the years that are here."""
        by_year: dict[int, list[int]] = {}
        for cve in cves:
            by_year.setdefault(rating_year(cve), []).append(cve)
        found: dict[int, Rated] = {}
        for year, some in by_year.items():
            found |= self._rated_in(year, some)
        return found

    def _rated_in(self, year: int, cves: list[int]) -> dict[int, Rated]:
        path = match_path(self.db, ratings_shard(year))
        return self._ask(path, lambda shard: read_ratings(shard, cves), {})

    def _ask(
        self, path: Path, question: Callable[[sqlite3.Connection], _Answer], nothing: _Answer
    ) -> _Answer:
        """Ask a shard; the answer is `nothing` if it is not there, or damaged."""
        try:
            if path not in self._open:
                self._open[path] = open_shard(path)
            connection = self._open[path]
            if connection is None:
                return nothing
            with telling_damage(path):
                return question(connection)
        except Malformed as error:
            self.damage[path] = Gap(error.where, error.why)
            self._open.setdefault(path, None)
            return nothing
