"""The advisory database as scans use it: read-only shards, asked about installed packages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from hullguard.advisories import coverage
from hullguard.advisories.aliases import cve_number
from hullguard.advisories.coverage import counted
from hullguard.advisories.dates import instant_of
from hullguard.advisories.details import Text
from hullguard.advisories.ecosystems import Query, judged, judging_families, query
from hullguard.advisories.entry import Entry
from hullguard.advisories.evidence import Known, Match, weigh
from hullguard.advisories.explain import Explanation, explain
from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.marks import rating_year
from hullguard.advisories.match import Hit, hits, is_undecided
from hullguard.advisories.owners import disowned
from hullguard.advisories.shard import ratings_shard
from hullguard.advisories.shelf import Shelf
from hullguard.advisories.states import state_of
from hullguard.model import Distro, FamilyState, Gap, GapKind, Package, Severity

Teller = Callable[[Package], Match]
"""Tells a flaw that has been judged of one package."""


class Advisories:
    """A database, open for reading.

    Args:
        db: its folder; what is not there is as if nothing were known.
        today: what counts as now, for what was withdrawn and for how old the data is.
    """

    def __init__(self, db: Path, *, today: datetime) -> None:
        self._shelf = Shelf(db)
        self._today = today

    def __enter__(self) -> Self:
        """Return itself; on the way out its files are closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the database's files."""
        self.close()

    def close(self) -> None:
        """Close the database's files; what is asked later opens them again."""
        self._shelf.close()

    def match(self, packages: Iterable[Package], distro: Distro | None) -> Iterator[Match | Gap]:
        """Yield every flaw of every package, one match a flaw and package, in their order.

        Gaps are the packages that advisories speak of but whose version nobody can tell, and
        the shards that turned out to be damaged.
        """
        asked = [(each, wanted) for each in judged(packages) if (wanted := query(each, distro))]
        entries = self._entries({wanted for _, wanted in asked})
        now = instant_of(self._today)
        found = {wanted: tuple(hits(wanted, known, now)) for wanted, known in entries.items()}
        tellers = self._weighed(found)
        for package, wanted in asked:
            known = entries.get(wanted, ())
            if known and is_undecided(wanted, known, now):
                yield _version_gap(package, len(known))
            for tell in tellers.get(wanted, ()):
                yield tell(package)
        yield from self._shelf.damage.values()

    def unscored_years(self, matches: Iterable[Match]) -> tuple[int, ...]:
        """Return the years whose ratings would tell more about these matches, newest first."""
        unrated = unrated_cves(matches)
        absent = unrated - self._shelf.rated(unrated).keys()
        years = {rating_year(cve) for cve in absent}
        return tuple(sorted((y for y in years if not self._has_whole_year(y)), reverse=True))

    def unrated(self, matches: Iterable[Match]) -> Iterator[Gap]:
        """Yield a gap if there are matches whose ratings could not be had.

        A flaw that nobody has rated is none: its year is here and says so.
        """
        matches = list(matches)
        years = self.unscored_years(matches)
        missing = sum(rating_year(cve) in years for cve in unrated_cves(matches))
        if years:
            listed = ", ".join(map(str, sorted(years)))
            yield Gap(
                "",
                f"{counted(missing, 'vulnerability', 'vulnerabilities')} without a severity: "
                f"the scores of {listed} are not here",
                GapKind.UNRATED,
                f"Fetch them: hullguard db update {' '.join(f'cve:{year}' for year in years)}",
            )

    def states(self, families: Iterable[str]) -> tuple[FamilyState, ...]:
        """Return how old these families are and what they hold; absent ones are left out."""
        return tuple(state for family in families if (state := self._state(family)))

    def gaps(
        self, packages: Iterable[Package], distro: Distro | None, max_age: timedelta
    ) -> Iterator[Gap]:
        """Yield what keeps these packages from being judged, and data older than allowed.

        Nothing but the fetch dates, else the data's own dates, tells how old a family is; one
        that has neither is not called old.
        """
        packages = list(judged(packages))
        yield from coverage.not_covered(packages, distro, self._shelf.contents)
        for state in self.states(judging_families(packages, distro)):
            yield from coverage.outdated(state, self._today, max_age)

    def missing(self, packages: Iterable[Package], distro: Distro | None) -> tuple[str, ...]:
        """Return the families that judging these packages needs and that have to be fetched."""
        return coverage.missing(packages, distro, self._shelf.contents)

    def disowned(self, packages: Sequence[Package], distro: Distro | None) -> tuple[Package, ...]:
        """Return the packages, without owners that the distribution's advisories do not know."""
        return disowned(packages, distro, self._shelf.known)

    def explain(self, id_: str) -> Explanation | None:
        """Return everything that is stored about a flaw or advisory; None if it is unheard of."""
        return explain(self._shelf, id_)

    def _entries(self, queries: Iterable[Query]) -> dict[Query, list[Entry]]:
        """Return what is known of each package, asking each shard once for all its packages."""
        queries = list(queries)
        names: dict[tuple[str, str], set[str]] = {}
        for wanted in queries:
            for ecosystem in wanted.ecosystems:
                names.setdefault((wanted.family, ecosystem), set()).add(wanted.name)
        known = {
            ecosystem: self._shelf.entries(family, ecosystem, some)
            for (family, ecosystem), some in names.items()
        }
        found = {
            wanted: [e for each in wanted.ecosystems for e in known[each].get(wanted.name, ())]
            for wanted in queries
        }
        return {wanted: entries for wanted, entries in found.items() if entries}

    def _weighed(self, found: Mapping[Query, Sequence[Hit]]) -> dict[Query, list[Teller]]:
        """Look up what else is known of every flaw at once, and judge each."""
        cves = {cve for some in found.values() for hit in some if (cve := cve_number(hit.rule))}
        exploited, likely = self._shelf.exploited(cves), self._shelf.likely(cves)
        rated, texts = self._shelf.rated(cves), self._texts(found)

        def known(family: str, hit: Hit) -> Known:
            cve = cve_number(hit.rule) or 0
            told = (texts.get((family, entry.id)) for entry in hit.entries)
            return Known(
                texts=tuple(filter(None, told)),
                exploited=exploited.get(cve),
                likely=likely.get(cve),
                rated=rated.get(cve),
            )

        return {
            wanted: [weigh(hit, known(wanted.family, hit)) for hit in some]
            for wanted, some in found.items()
        }

    def _texts(self, found: Mapping[Query, Sequence[Hit]]) -> dict[tuple[str, str], Text]:
        ids: dict[str, set[str]] = {}
        for wanted, some in found.items():
            told = (entry.id for hit in some for entry in hit.entries)
            ids.setdefault(wanted.family, set()).update(told)
        return {
            (family, id_): text
            for family, some in ids.items()
            for id_, text in self._shelf.texts(family, sorted(some)).items()
        }

    def _has_whole_year(self, year: int) -> bool:
        contents = self._shelf.contents(ratings_shard(year))
        return contents is not None and str(year) in contents.coverage

    def _state(self, family: str) -> FamilyState | None:
        years = self._shelf.rating_years()
        shards = map(ratings_shard, years) if family == "cve" else (family,)
        contents = [each for shard in shards if (each := self._shelf.contents(shard))]
        if not contents:
            return None
        return state_of(family, contents, read_fetched(self._shelf.db, family), self._today)


def unrated_cves(matches: Iterable[Match]) -> set[int]:
    """Return the numbers of the CVEs among these matches that have no severity."""
    unknown = (match.rule.id for match in matches if match.severity is Severity.UNKNOWN)
    return {number for id_ in unknown if (number := cve_number(id_))}


def _version_gap(package: Package, advisories: int) -> Gap:
    told = f"says {package.version!r}" if package.version else "does not tell"
    return Gap(
        package.path or package.name,
        f"the version of {package.name} is unknown (it {told}), so "
        f"{counted(advisories, 'advisory', 'advisories')} about it could not be judged",
        GapKind.UNKNOWN_VERSION,
    )
