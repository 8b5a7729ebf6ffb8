"""Shards about CVEs as such: exploited (KEV), likely to be (EPSS), and how they are rated.

Rows are keyed by the CVE as a number, `aliases.cve_number`; ratings lie in one shard a year, of
which a scan fetches only those it needs.
"""

import sqlite3
from collections.abc import Iterable

import msgspec

from hullguard.advisories.aliases import cve_number
from hullguard.advisories.entry import Rating
from hullguard.advisories.feed import Exploited, Likelihood, Rated
from hullguard.advisories.lookup import rows_with
from hullguard.model import Score

_OLDEST_YEAR = 2002  # NVD keeps everything older in its file of that year
_EPSS_UNIT = 100_000  # EPSS publishes five decimals


class _Ratings(msgspec.Struct, frozen=True, array_like=True):
    """How a CVE is rated; a row without ratings: it was read, and nobody rated it."""

    ratings: tuple[Rating, ...]
    cwes: tuple[str, ...]
    ssvc: dict[str, str]
    title: str
    published: str
    modified: str
    rejected: bool


def rating_year(cve: int) -> int:
    """Return the year of the shard that a CVE's ratings are in."""
    return max(_OLDEST_YEAR, cve >> 32)


def fill_kev(connection: sqlite3.Connection, rows: Iterable[Exploited]) -> None:
    """Write CISA's catalogue."""
    connection.execute("CREATE TABLE kev (cve INTEGER PRIMARY KEY, added, due, ransomware)")
    values = _numbered((row.cve, row.added, row.due, row.ransomware) for row in rows)
    connection.executemany("INSERT INTO kev VALUES (?, ?, ?, ?)", values)


def read_kev(connection: sqlite3.Connection, cves: Iterable[int]) -> dict[int, Exploited]:
    """Return which of the CVEs are in the catalogue."""
    found = rows_with(connection, "SELECT * FROM kev WHERE cve IN ({})", cves)
    return {
        cve: Exploited(cve=_name(cve), added=added, due=due, ransomware=bool(ransomware))
        for cve, added, due, ransomware in found
    }


def fill_epss(connection: sqlite3.Connection, rows: Iterable[Likelihood]) -> None:
    """Write the probabilities as whole hundred-thousandths, half the size of floats."""
    connection.execute("CREATE TABLE epss (cve INTEGER PRIMARY KEY, epss, percentile)")
    values = _numbered(
        (row.cve, round(row.epss * _EPSS_UNIT), round(row.percentile * _EPSS_UNIT)) for row in rows
    )
    connection.executemany("INSERT INTO epss VALUES (?, ?, ?)", values)


def read_epss(connection: sqlite3.Connection, cves: Iterable[int]) -> dict[int, Likelihood]:
    """Return how likely the CVEs are to be exploited; those without a score are left out."""
    found = rows_with(connection, "SELECT * FROM epss WHERE cve IN ({})", cves)
    return {
        cve: Likelihood(cve=_name(cve), epss=epss / _EPSS_UNIT, percentile=percentile / _EPSS_UNIT)
        for cve, epss, percentile in found
    }


def fill_ratings(connection: sqlite3.Connection, rows: Iterable[Rated]) -> None:
    """Write how CVEs are rated."""
    connection.execute("CREATE TABLE rated (cve INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    values = _numbered((row.cve, _encoder.encode(_reduced(row))) for row in rows)
    connection.executemany("INSERT INTO rated VALUES (?, ?)", values)


def read_ratings(
    connection: sqlite3.Connection, cves: Iterable[int] | None = None
) -> dict[int, Rated]:
    """Return how the CVEs, or all in the shard, are rated; those not in it are left out."""
    if cves is None:
        found: Iterable[tuple[int, bytes]] = connection.execute("SELECT * FROM rated")
    else:
        found = rows_with(connection, "SELECT * FROM rated WHERE cve IN ({})", cves)
    return {cve: _expanded(cve, _decoder.decode(blob)) for cve, blob in found}


def by_year(rows: Iterable[Rated]) -> dict[int, list[Rated]]:
    """Sort ratings into the years of their shards; what has no CVE's name belongs to none."""
    years: dict[int, list[Rated]] = {}
    for row in rows:
        number = cve_number(row.cve)
        if number is not None:
            years.setdefault(rating_year(number), []).append(row)
    return years


def _numbered(rows: Iterable[tuple[str, *tuple[object, ...]]]) -> list[tuple[object, ...]]:
    """Replace the CVEs by their numbers, sorted; what is no CVE is left out."""
    numbered = {number: rest for cve, *rest in rows if (number := cve_number(cve)) is not None}
    return [(number, *numbered[number]) for number in sorted(numbered)]


def _name(cve: int) -> str:
    return f"CVE-{cve >> 32}-{cve & 0xFFFFFFFF:04}"


def _reduced(row: Rated) -> _Ratings:
    ratings = tuple((s.source, s.vector, s.score, s.severity) for s in row.scores)
    return _Ratings(
        ratings, row.cwes, row.ssvc, row.title, row.published, row.modified, row.rejected
    )


def _expanded(cve: int, row: _Ratings) -> Rated:
    scores = tuple(
        Score(source=source, vector=vector, score=score, severity=severity)
        for source, vector, score, severity in row.ratings
    )
    return Rated(
        cve=_name(cve),
        scores=scores,
        cwes=row.cwes,
        ssvc=row.ssvc,
        title=row.title,
        published=row.published,
        modified=row.modified,
        rejected=row.rejected,
    )


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(_Ratings)
