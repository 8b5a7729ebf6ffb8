"""Match shards: for each package of an ecosystem, what is known to be wrong with it."""

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from hullguard.advisories.aliases import Clusters
from hullguard.advisories.entry import Entry, decode_entries, encode_entries, encode_entry
from hullguard.advisories.lookup import rows_with
from hullguard.advisories.reduce import reduce
from hullguard.model import Advisory


def fill_packages(
    connection: sqlite3.Connection, advisories: Iterable[Advisory], clusters: Clusters
) -> tuple[int, tuple[str, ...]]:
    """Write the entries of every package, and return (packages, ecosystems spoken of).

    The entries wait in a temporary table of SQLite's until they are sorted.
    """
    ecosystems: set[str] = set()

    def placed() -> Iterator[tuple[str, str, str, int, bytes]]:
        for advisory in advisories:
            ecosystems.update(affected.ecosystem for affected in advisory.affected)
            for number, place in enumerate(reduce(advisory, clusters)):
                entry = encode_entry(place.entry)
                yield place.ecosystem, place.name, advisory.id, number, entry

    connection.execute(
        "CREATE TEMP TABLE entry (ecosystem, name, id, number, blob,"
        " PRIMARY KEY (ecosystem, name, id, number)) WITHOUT ROWID"
    )
    connection.executemany("INSERT INTO entry VALUES (?, ?, ?, ?, ?)", placed())
    connection.execute(
        "CREATE TABLE package (ecosystem TEXT, name TEXT, entries BLOB NOT NULL,"
        " PRIMARY KEY (ecosystem, name)) WITHOUT ROWID"
    )
    sorted_entries = connection.cursor().execute(
        "SELECT ecosystem, name, blob FROM entry ORDER BY ecosystem, name, id, number"
    )
    connection.executemany("INSERT INTO package VALUES (?, ?, ?)", _grouped(sorted_entries))
    [[packages]] = connection.execute("SELECT count(*) FROM package")
    return packages, tuple(sorted(ecosystems))


def read_entries(
    connection: sqlite3.Connection, ecosystem: str, names: Iterable[str]
) -> dict[str, list[Entry]]:
    """Return what is known of these packages, by name; those nothing is known of are left out."""
    statement = "SELECT name, entries FROM package WHERE ecosystem = ? AND name IN ({})"
    found = rows_with(connection, statement, map(_bindable, names), ecosystem)
    return {name: decode_entries(entries) for name, entries in found}


def _grouped(rows: Iterable[tuple[str, str, bytes]]) -> Iterator[tuple[str, str, bytes]]:
    for (ecosystem, name), same in groupby(rows, key=itemgetter(0, 1)):
        yield ecosystem, name, encode_entries(blob for _, _, blob in same)


def _bindable(name: str) -> str:
    """Return a name that SQLite takes; one with half a surrogate pair is nobody's."""
    return name.encode(errors="replace").decode()
