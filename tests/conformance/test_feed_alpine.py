"""Alpine's fixes of 2020 and 2025, put into the JSON form that upstream publishes today."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
import zstandard

from corpora import corpus, record_agreement
from feed_rows import rows
from hullguard.advisories.feeds import alpine_secdb
from hullguard.model import Advisory

Fix = tuple[str, str, str, str]
"""An ecosystem, a package, a flaw, the version that fixes it ("0": never had it)."""

ROWS_OF_2025 = 25_551
# Flaws in spellings that the plain pattern of this module does not know; all are read.
SPELLINGS = {"CVE_2019-2426": "CVE-2019-2426", "CVE 2018-16859": "CVE-2018-16859"}
_PLAIN = re.compile(r"CVE-\d+-\d+")


def found(database: dict[str, Any]) -> Iterator[Fix]:
    """Yield what the parser says of a database, which it must read without a gap."""
    for row in rows(alpine_secdb, json.dumps(database, default=str).encode()):
        assert isinstance(row, Advisory)
        for affected in row.affected:
            for version in [range_.fixed for range_ in affected.ranges] or ["0"]:
                yield affected.ecosystem, affected.name, row.id, version


def expected(database: dict[str, Any]) -> Iterator[Fix]:
    """Yield what stands in a database, flaw by flaw; a fix outdoes "never had it"."""
    ecosystem = "alpine:" + database["distroversion"].removeprefix("v")
    for package in (entry["pkg"] for entry in database["packages"] or ()):
        fixes = [
            (flaw, version)
            for version, texts in (package["secfixes"] or {}).items()
            for text in texts or ()
            for flaw in flaws(SPELLINGS.get(text, text))
        ]
        repaired = {flaw for flaw, version in fixes if version != "0"}
        for flaw, version in fixes:
            if version != "0" or flaw not in repaired:
                yield ecosystem, package["name"], flaw, version


def flaws(text: str) -> list[str]:
    """Return the CVEs of a text, else its words that have a number."""
    return _PLAIN.findall(text) or [word for word in text.split() if re.search(r"\d", word)]


def agreement(databases: list[dict[str, Any]]) -> tuple[int, int]:
    ours = {fix for database in databases for fix in found(database)}
    theirs = {fix for database in databases for fix in expected(database)}
    assert ours == theirs
    return len(ours & theirs), len(theirs)


def test_every_fix_of_2020_is_read() -> None:
    """The YAML of that time has the members of today's JSON; its versions are all texts there."""
    folder = corpus("vulnerabilities/alpine/alpine-secdb-2020-06.tar.zst")
    databases = [
        yaml.load(file.read_bytes(), yaml.CSafeLoader) for file in sorted(folder.rglob("*.yaml"))
    ]
    assert len(databases) == 18
    record_agreement("Alpine fixes of 2020", *agreement(databases))


def test_every_fix_of_2025_is_read() -> None:
    databases = list(databases_of_2025(corpus("vulnerabilities/alpine")))
    count = sum(
        len(texts)
        for database in databases
        for entry in database["packages"]
        for texts in entry["pkg"]["secfixes"].values()
    )
    assert count == ROWS_OF_2025
    record_agreement("Alpine fixes of 2025", *agreement(databases))


def databases_of_2025(folder: Path) -> Iterator[dict[str, Any]]:
    """Put rows [release, repository, package, version, flaw] back into databases."""
    packed = (folder / "alpine-fixes-vulnerablecode-2025-05.ndjson.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    tree: dict[tuple[str, str], dict[str, dict[str, list[str]]]] = {}
    for release, repository, package, version, flaw in map(json.loads, text.splitlines()):
        packages = tree.setdefault((release, repository), {})
        packages.setdefault(package, {}).setdefault(version, []).append(flaw)
    for (release, repository), packages in tree.items():
        yield {
            "distroversion": release,
            "reponame": repository,
            "urlprefix": "https://dl-cdn.alpinelinux.org/alpine",
            "packages": [
                {"pkg": {"name": name, "secfixes": fixes}} for name, fixes in packages.items()
            ],
        }
