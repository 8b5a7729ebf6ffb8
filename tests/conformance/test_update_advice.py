"""Update advice against the advisories' own ranges, for Go and Rust.

A report knows of each flaw only the versions that fix it. Here the ranges are asked whether the
advised version is the smallest known fix without any of the flaws: for every package with many
fixes, installed at some of them. There are no differences.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from corpora import corpus, record_agreement
from hullguard.advisories import versions
from hullguard.advisories.build import build
from hullguard.advisories.ecosystems import Query
from hullguard.advisories.entry import Entry
from hullguard.advisories.match import Hit, hits
from hullguard.advisories.shard import match_path
from hullguard.advisories.shelf import Shelf
from hullguard.model import Status
from hullguard.report.updates import smallest

NOW = "2026-11-24T00:00:00Z"
MANY = 6  # fixes from which branches are to be expected
MOST = 8  # installed versions that are tried of one package


@pytest.mark.parametrize(("folder", "ecosystem"), [("Go", "golang"), ("crates", "cargo")])
def test_the_advised_version_is_the_smallest_without_the_flaws(
    folder: str, ecosystem: str, tmp_path: Path
) -> None:
    build([corpus("vulnerabilities/osv") / folder], tmp_path)
    cases = list(_cases(tmp_path, ecosystem))
    wrong = [case for case in cases if case[2] != case[3]]
    record_agreement(f"update advice, {ecosystem}", len(cases) - len(wrong), len(cases))
    assert len(cases) > 30
    assert wrong == []


def _cases(db: Path, ecosystem: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, installed version, advised version and the one that the ranges tell."""
    with closing(sqlite3.connect(match_path(db, ecosystem))) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM package ORDER BY name")]
    with closing(Shelf(db)) as shelf:
        known = shelf.entries(ecosystem, ecosystem, names)
    for name, entries in known.items():
        for installed in _installed(entries):
            query = Query(ecosystem, name, installed)
            found = [hit for hit in hits(query, entries, NOW) if hit.status is Status.FIXED]
            wanted = _wanted(query, found, entries)
            if len(found) > 1 and wanted:
                advised = smallest("semver", [hit.fixed_in for hit in found])
                yield name, installed, advised, wanted


def _installed(entries: list[Entry]) -> list[str]:
    """Return some of the fixes, where there are many, spread over all of them."""
    fixes = sorted({fix for entry in entries for fix in entry.fixes})
    return fixes[:: -(-len(fixes) // MOST)] if len(fixes) > MANY else []


def _wanted(query: Query, found: list[Hit], entries: list[Entry]) -> str:
    """Return the smallest newer fix that none of the flaws is in, by the ranges; empty if none."""
    flaws = {hit.rule for hit in found}
    order = partial(versions.key, "semver")
    fixes = {fix for hit in found for fix in hit.fixed_in if order(fix) > order(query.version)}
    for fix in sorted(fixes, key=order):
        fixed = Query(query.ecosystem, query.name, fix)
        if not flaws & {hit.rule for hit in hits(fixed, entries, NOW)}:
            return fix
    return ""
