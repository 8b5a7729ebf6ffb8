"""How long asking the advisory database about 500 packages takes, in CPU milliseconds.

Usage: `python bench/advisory_lookup.py DIR`, where DIR holds upstream advisory files, such as
OSV's archives and Debian's lists. Half of the packages asked about are in the advisories: at a
high version, which has no flaw, as in a well-kept image, and at a low one, where nearly every
row is a hit. Each figure is the lowest of several runs; "all, cold" opens the files anew and
looks up texts and ratings of what it found.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from hullguard.advisories.build import build
from hullguard.advisories.database import Advisories
from hullguard.advisories.dates import instant_of
from hullguard.advisories.ecosystems import Query, query
from hullguard.advisories.entry import Entry
from hullguard.advisories.match import hits
from hullguard.advisories.packages import read_entries
from hullguard.advisories.shard import match_path, open_shard
from hullguard.model import Distro, Package

PACKAGES, KNOWN, RUNS = 500, 250, 7
TODAY = datetime(2026, 11, 24, tzinfo=UTC)
DEBIAN = Distro(id="debian", version="11")
CASES = (
    ("debian:11", "deb", "9999:1-1"),
    ("debian:11", "deb", "0.1-1"),
    ("pypi", "pypi", "99999.1"),
    ("pypi", "pypi", "0.1"),
    ("golang", "golang", "v99999.0.0"),
    ("golang", "golang", "v0.0.1"),
)


def main(origin: Path) -> None:
    """Build a database from a folder and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder)
        started = time.process_time()
        built = build([origin], db)
        seconds = time.process_time() - started
        count = sum(family.advisories for family in built.families)
        print(f"{count} advisories built in {seconds:.1f} s CPU\n")
        print(f"{'ecosystem':<12}{'version':<12}{'rows':>6}{'hits':>6}", end="")
        print(f"{'query':>10}{'compare':>10}{'all, cold':>11}")
        for ecosystem, type_, version in CASES:
            print_case(db, ecosystem, packages(db, ecosystem, type_, version))


def packages(db: Path, ecosystem: str, type_: str, version: str) -> list[Package]:
    """Return packages of which half are known, spread evenly over the alphabet."""
    shard = sqlite3.connect(match_path(db, ecosystem.partition(":")[0]))
    statement = "SELECT name FROM package WHERE ecosystem = ? ORDER BY name"
    names = [name for (name,) in shard.execute(statement, (ecosystem,))]
    shard.close()
    known = names[:: max(1, len(names) // KNOWN)][:KNOWN]
    unknown = [f"nobody-knows-{number}" for number in range(PACKAGES - len(known))]
    return [Package(type=type_, name=name, version=version) for name in (*known, *unknown)]


def print_case(db: Path, ecosystem: str, asked: Sequence[Package]) -> None:
    """Print the row of one ecosystem."""
    queries = [wanted for each in asked if (wanted := query(each, DEBIAN))]
    shard = open_shard(match_path(db, ecosystem.partition(":")[0]))
    if shard is None:
        sys.exit(f"the folder holds no advisories of {ecosystem}")
    names = [wanted.name for wanted in queries]
    found = read_entries(shard, ecosystem, names)
    compared = compare(queries, found)
    rows = sum(map(len, found.values()))
    figures = (
        lowest(lambda: read_entries(shard, ecosystem, names)),
        lowest(lambda: compare(queries, found)),
        lowest(lambda: ask(db, asked)),
    )
    shard.close()
    start = f"{ecosystem:<12}{asked[0].version:<12}{rows:>6}{compared:>6}"
    print(start + "".join(f"{figure:>10.2f}" for figure in figures))


def compare(queries: Sequence[Query], found: dict[str, list[Entry]]) -> int:
    """Judge every package, and return how many flaws they have."""
    now = instant_of(TODAY)
    return sum(1 for each in queries for _ in hits(each, found.get(each.name, ()), now))


def ask(db: Path, asked: Sequence[Package]) -> int:
    """Do all that a scan does: open, ask, judge, look up texts and ratings."""
    with Advisories(db, today=TODAY) as advisories:
        return sum(1 for _ in advisories.match(asked, DEBIAN))


def lowest(work: Callable[[], object]) -> float:
    """Return the CPU milliseconds of the fastest of several runs."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        work()
        times.append((time.process_time() - started) * 1000)
    return min(times)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
