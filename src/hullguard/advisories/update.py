"""Keeps the advisory database current: the front door of `hullguard db update`, and of scans.

At any moment, and after any crash, every shard is either the old or the new. Two processes that
want the same do not fetch it twice: the second waits, and finds what the first brought.
"""

import fcntl
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.incoming import Incoming, Show
from hullguard.advisories.plan import RATINGS, Addresses, check_names, requested, years_of
from hullguard.advisories.presence import family_contents, years_here
from hullguard.advisories.shard import ratings_shard
from hullguard.advisories.upstream import Workshop, failure, update_families
from hullguard.advisories.upstream_ratings import update_ratings
from hullguard.model import Distro, Gap, GapKind, Misused, Unreachable
from hullguard.transport.client import Connection
from hullguard.transport.retry import Patience

if TYPE_CHECKING:
    from hullguard.advisories.mirror import Mirror


class Updater:
    """Fetches advisories from upstream, or ready-made shards from mirrors.

    Args:
        db: the database's folder.
        addresses: by feed, those that replace the upstream's (`[feeds.NAME] url`).
        mirrors: where there are any, they are asked instead of the upstream, in their order.
        connection: how servers are reached.
        show: told of progress, waits and mirrors that failed.
        patience: how long to wait for servers that are busy.

    Raises:
        Misused: an address belongs to no feed.
    """

    def __init__(  # noqa: PLR0913 - all but the first have a value that nearly always fits
        self,
        db: Path,
        *,
        addresses: Addresses | None = None,
        mirrors: Sequence["Mirror"] = (),
        connection: Connection | None = None,
        show: Show | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._db = db
        self._addresses = addresses or {}
        self._mirrors = mirrors
        self._connection = connection or Connection()
        self._show = show or _Silent()
        self._patience = patience
        check_names(self._addresses)

    def update(self, families: Sequence[str], distro: Distro | None = None) -> tuple[Gap, ...]:
        """Bring families up to date; what could not be had is a gap, and the old data stays.

        Args:
            families: "debian", "alpine:3.19", "cve:2024". A family that comes in one file a
                release is fetched for those named and those here; "cve" for the years here.
            distro: what is scanned; its release is fetched, too, if its family is asked for.

        Raises:
            Misused: there is no such family, no year to go by, or an address or mirror makes no
                sense.
        """
        wanted = requested(families, distro)
        named = wanted.pop(RATINGS, None)
        years = () if named is None else self._years(named)
        return (self._bring(wanted) if wanted else ()) + self.update_years(years)

    def update_years(self, years: Sequence[int]) -> tuple[Gap, ...]:
        """Bring the ratings of these years' CVEs up to date, newest first.

        Raises:
            Misused: an address or mirror makes no sense.
        """
        return self._bring({}, years) if years else ()

    def _bring(
        self, wanted: Mapping[str, Collection[str]], years: Collection[int] = ()
    ) -> tuple[Gap, ...]:
        """Bring what another process has not brought while we waited for it."""
        units = [*wanted, *map(ratings_shard, years)]
        before = _dates(self._db, units)
        try:
            with _alone(self._db, self._show) as waited, self._workshop() as shop:
                after = _dates(self._db, units)
                came = {unit for unit in units if waited and after[unit] != before[unit]}
                left = {
                    each: asked
                    for each, asked in wanted.items()
                    if not self._has(each, asked, came)
                }
                years = [year for year in years if ratings_shard(year) not in came]
                return tuple(self._fetch(left, years, shop))
        except Unreachable as fault:
            here = all(family_contents(self._db, family) for family in wanted)
            kind = GapKind.OUTDATED if here else GapKind.NOT_COVERED
            return (failure(", ".join(units), fault, kind=kind),)

    def _fetch(
        self, wanted: Mapping[str, Collection[str]], years: Collection[int], shop: Workshop
    ) -> list[Gap]:
        if not self._mirrors:
            return [*update_families(wanted, shop), *update_ratings(years, shop)]
        from hullguard.advisories.mirror import update_from_mirrors  # noqa: PLC0415 - cryptography

        units = [*wanted, *map(ratings_shard, sorted(years, reverse=True))]
        return update_from_mirrors(units, self._mirrors, shop, self._connection)

    def _years(self, named: Collection[str]) -> tuple[int, ...]:
        years = tuple(years_of(named)) or years_here(self._db)
        if not years:
            raise Misused(
                "Scores come year by year, and none are here yet.\n"
                "Name the years, as in cve:2024; a scan fetches those that it needs."
            )
        return years

    @contextmanager
    def _workshop(self) -> Iterator[Workshop]:
        with Incoming(self._db, self._connection, self._show, self._patience) as incoming:
            yield Workshop(
                db=self._db, incoming=incoming, addresses=self._addresses, show=self._show
            )

    def _has(self, family: str, asked: Collection[str], came: Collection[str]) -> bool:
        """Tell whether a family has come, with the releases that are asked for."""
        if family not in came:
            return False
        contents = family_contents(self._db, family)
        return contents is not None and set(asked) <= set(contents.coverage)


class _Silent:
    """Shows nothing."""

    def advance(self, key: str, description: str, done: int, total: int | None) -> None:
        """Show no progress."""

    def finish(self, key: str) -> None:
        """Show no end of it."""

    def note(self, text: str) -> None:
        """Say nothing."""


@contextmanager
def _alone(db: Path, show: Show) -> Iterator[bool]:
    """Keep other updates of this database out; yield whether we had to wait for one.

    Raises:
        Unreachable: the folder cannot be written.
    """
    try:
        db.mkdir(parents=True, exist_ok=True)
        lock = (db / ".update.lock").open("a")
    except OSError as error:
        raise Unreachable(
            f"The advisory database in {db} cannot be written: {error.strerror}.\n"
            "Make room there, or choose another folder with --db."
        ) from error
    with lock:
        yield _lock(lock.fileno(), db, show)


def _lock(descriptor: int, db: Path, show: Show) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        show.note(f"waiting for another update of {db}")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    return False


def _dates(db: Path, units: Iterable[str]) -> dict[str, str]:
    """Return when families and years of ratings were fetched."""
    notes = {unit: read_fetched(db, unit) for unit in units}
    return {unit: note.at if note else "" for unit, note in notes.items()}
