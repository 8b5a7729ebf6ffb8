"""OSV archives and harvested records: all are read, and versions judged as the schema says."""

import json
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from corpora import corpus, record_agreement
from hullguard.advisories import versions
from hullguard.advisories.ecosystems import scheme_of
from hullguard.advisories.feed import Document, Row
from hullguard.advisories.feeds import osv
from hullguard.advisories.names import osv_ecosystem
from hullguard.model import Advisory, Affected, Budget, Range

# Counted by the corpus' own notes (SOURCES.md): records, and how many of them are withdrawn.
ARCHIVES = {
    "AlmaLinux": (5637, 0),
    "Bitnami": (7444, 0),
    "Go": (4291, 17),
    "Julia": (1703, 4),
    "PSF": (132, 0),
    "Packagist-Drupal": (591, 0),
    "PyPI": (7080, 269),
    "crates": (1206, 13),
}
HARVESTED = 488


def rows(path: Path) -> Iterator[Row]:
    with path.open("rb") as stream:
        yield from osv.read(Document(name=path.name, stream=stream), Budget())


@pytest.mark.parametrize("name", ARCHIVES)
def test_every_record_of_an_archive_is_an_advisory(name: str) -> None:
    found = list(rows(corpus("vulnerabilities/osv") / name / "all.zip"))
    advisories = [row for row in found if isinstance(row, Advisory)]
    total, withdrawn = ARCHIVES[name]
    record_agreement(f"OSV records, {name}", len(advisories), total)
    assert len(advisories) == len(found) == total
    assert sum(bool(advisory.withdrawn) for advisory in advisories) == withdrawn
    assert len({advisory.id for advisory in advisories}) == total


def harvested() -> list[bytes]:
    import zstandard  # noqa: PLC0415 - only where the corpus is

    packed = corpus("vulnerabilities/osv-harvest/osv-records.ndjson.zst")
    with packed.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return stream.read().splitlines()


def test_every_harvested_record_is_an_advisory(tmp_path: Path) -> None:
    """Lines become members of an archive, as in a bucket."""
    path = tmp_path / "all.zip"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for number, line in enumerate(harvested()):
            archive.writestr(f"{number}.json", line)
    advisories = [row for row in rows(path) if isinstance(row, Advisory)]
    record_agreement("OSV records, harvested", len(advisories), HARVESTED)
    assert len(advisories) == HARVESTED


key = cache(versions.key)

# AlmaLinux is left out: of several builds in one erratum only the lowest is kept, on purpose.
JUDGED = ("Bitnami", "Go", "Julia", "Packagist-Drupal", "PyPI", "crates")


def judgements(record: dict[str, Any], advisory: Advisory) -> Iterator[bool]:
    """Yield for each version that a record names whether the schema's algorithm agrees with us."""
    for entry, row in zip(record["affected"], advisory.affected, strict=True):
        scheme = scheme_of(osv_ecosystem(entry["package"]["ecosystem"]))
        ranges = [each for each in entry.get("ranges") or [] if each["type"] != "GIT"]
        named = [text for each in ranges for event in each["events"] for text in event.values()]
        listed = entry.get("versions") or []
        for version in {*named, *listed[:: max(1, len(listed) // 5)]} - {"0"}:
            expected = version in listed or any(
                in_range(scheme, version, each["events"]) for each in ranges
            )
            yield expected == judged(scheme, version, row)


def in_range(scheme: str, version: str, events: list[dict[str, str]]) -> bool:
    """Evaluate events as the OSV schema's "Evaluation" does."""
    own, vulnerable = key(scheme, version), False
    for event in sorted(events, key=lambda event: place(scheme, event)):
        [(kind, text)] = event.items()
        bound = key(scheme, text)
        if kind == "introduced" and (text == "0" or not own < bound):
            vulnerable = True
        elif (kind == "fixed" and not own < bound) or (kind == "last_affected" and own > bound):
            vulnerable = False
    return vulnerable


def place(scheme: str, event: dict[str, str]) -> Any:  # noqa: ANN401 - keys of any order
    [text] = event.values()
    return (text != "0", key(scheme, text))


def judged(scheme: str, version: str, row: Affected) -> bool:
    return version in row.versions or any(within(scheme, version, range_) for range_ in row.ranges)


def within(scheme: str, version: str, range_: Range) -> bool:
    own = key(scheme, version)
    if range_.introduced and own < key(scheme, range_.introduced):
        return False
    if range_.fixed:
        return own < key(scheme, range_.fixed)
    return not (range_.last_affected and own > key(scheme, range_.last_affected))


@pytest.mark.parametrize("name", JUDGED)
def test_versions_are_judged_as_the_schema_says(name: str) -> None:
    with ZipFile(corpus("vulnerabilities/osv") / name / "all.zip") as archive:
        texts = [archive.read(member) for member in archive.infolist()]
    verdicts = [
        verdict for text in texts for verdict in judgements(json.loads(text), advisory_of(text))
    ]
    record_agreement(f"OSV versions, {name}", sum(verdicts), len(verdicts))
    assert all(verdicts)


def advisory_of(text: bytes) -> Advisory:
    [row] = osv.read(Document(name="record", stream=BytesIO(text)), Budget())
    assert isinstance(row, Advisory)
    return row
