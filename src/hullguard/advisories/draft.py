"""What has been read for one family and is not yet a shard."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from hullguard.advisories.aliases import Clusters, Names, names_of
from hullguard.advisories.dates import instant, latest_days
from hullguard.advisories.details import SAMPLES, decode_advisory, encode_advisory
from hullguard.advisories.feed import Exploited, Likelihood, Rated
from hullguard.advisories.merge import merged
from hullguard.model import Advisory, Gap, Unreachable

if TYPE_CHECKING:
    from hullguard.advisories.shard import SourceDocument

Kept = Advisory | Exploited | Likelihood | Rated
"""The rows that end up in shards."""

_CACHE_KIB = 16_384


class Draft:
    """Collects rows in any order and gives them back sorted, advisories joined by their id.

    Advisories wait in a temporary file of SQLite's, which has no name and vanishes with us, so
    that memory does not grow with npm's 200,000 records.
    """

    def __init__(self, family: str) -> None:
        self.family = family
        self.documents: list[SourceDocument] = []
        self.gaps: list[Gap] = []
        self.stamps: list[str] = []
        self.exploited: dict[str, Exploited] = {}  # by CVE, as the next two
        self.likely: dict[str, Likelihood] = {}
        self.rated: dict[str, Rated] = {}
        self._names: dict[str, Names] = {}
        self._dates: set[str] = set()
        self._scratch = sqlite3.connect("", isolation_level=None)
        self._scratch.executescript(
            f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-{_CACHE_KIB};"
            "CREATE TABLE advisory (id TEXT, number INTEGER, blob BLOB,"
            " PRIMARY KEY (id, number)) WITHOUT ROWID; BEGIN"
        )
        self._count = 0

    def close(self) -> None:
        """Let go of the temporary file."""
        self._scratch.close()

    def add(self, row: Kept) -> None:
        """Take one row.

        Raises:
            Unreachable: there is no room for temporary files.
        """
        match row:
            case Advisory():
                self._add_advisory(row)
            case Exploited():
                self.exploited[row.cve] = row
            case Likelihood():
                self.likely[row.cve] = row
            case Rated():
                known = self.rated.setdefault(row.cve, row)
                self.rated[row.cve] = max(known, row, key=attrgetter("modified"))

    def dates(self) -> tuple[str, ...]:
        """Return what the data says of its age: its own stamps, else the dates of its records."""
        return latest_days(map(instant, self.stamps) if self.stamps else map(instant, self._dates))

    def clusters(self) -> Clusters:
        """Return which ids name the same flaw."""
        return Clusters(self._names.values())

    def advisories(self) -> Iterator[Advisory]:
        """Yield every advisory once, sorted by id."""
        rows = self._scratch.execute("SELECT id, blob FROM advisory ORDER BY id, number")
        for _, same in groupby(rows, key=itemgetter(0)):
            yield merged([decode_advisory(blob) for _, blob in same])

    def samples(self) -> list[bytes]:
        """Return some of the encoded advisories, evenly spread, to train a dictionary on."""
        statement = "SELECT blob FROM advisory WHERE number % ? = 0 ORDER BY number"
        every = self._count // SAMPLES + 1
        return [blob for (blob,) in self._scratch.execute(statement, (every,))]

    @property
    def advisory_count(self) -> int:
        """How many different ids its advisories have."""
        return len(self._names)

    def _add_advisory(self, advisory: Advisory) -> None:
        try:
            blob = encode_advisory(advisory)
        except UnicodeEncodeError:
            self.gaps.append(Gap(repr(advisory.id), "holds text that is no Unicode"))
            return
        self._count += 1
        self._store(advisory.id, blob)
        self._dates.update((advisory.modified[:10], advisory.published[:10]))
        names = names_of(advisory)
        if known := self._names.get(advisory.id):
            names = Names(names.id, names.aliases | known.aliases, names.fixes | known.fixes)
        self._names[advisory.id] = names

    def _store(self, id_: str, blob: bytes) -> None:
        try:
            statement = "INSERT INTO advisory VALUES (?, ?, ?)"
            self._scratch.execute(statement, (id_, self._count, blob))
        except sqlite3.Error as error:
            raise Unreachable(
                f"Advisories cannot be sorted: {error}. They need temporary files; make room "
                "for these, or set SQLITE_TMPDIR to a folder that has some."
            ) from error
