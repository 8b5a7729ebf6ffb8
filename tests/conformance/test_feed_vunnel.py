"""What vunnel makes of the very inputs that we read: the same flaws, fixes and severities."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from corpora import corpus, record_agreement
from feed_rows import rows
from hullguard.advisories.feed import Likelihood, Rated
from hullguard.advisories.feeds import alpine_secdb, azure_oval, debian_tracker, epss, nvd
from hullguard.model import Advisory, Affected, Status

Fix = tuple[str, str, str, str, str]
"""A flaw, an ecosystem, a package, the fixed version, vunnel's word for the severity."""

NONE = "None"  # vunnel's word for "no fix"
WORDS = {"info": "Negligible"}

# Snapshots that the inputs do not lead to, and why.
OTHER_INPUTS = {
    "debian:7": "from a copy of vunnel's own database of an end-of-life release",
    "CVE-2012-0833": "from a hand-made record that names its package unlike Debian",
}


@cache
def samples() -> Path:
    [folder] = corpus("vulnerabilities/feed-samples/vunnel.tar.zst").iterdir()
    return folder


def snapshots(provider: str) -> Iterator[dict[str, Any]]:
    for path in sorted((samples() / provider / "test-fixtures/snapshots").rglob("*.json")):
        yield json.loads(path.read_bytes())["item"]


def expected(provider: str) -> set[Fix]:
    """Return what the snapshots say, release by release."""
    return {
        (
            item["Name"],
            item["NamespaceName"].replace("unstable", "sid"),
            fixed["Name"],
            fixed["Version"],
            item["Severity"],
        )
        for item in (snapshot["Vulnerability"] for snapshot in snapshots(provider))
        if not {item["Name"], item["NamespaceName"]} & OTHER_INPUTS.keys()
        for fixed in item["FixedIn"]
    }


def found(advisories: list[Any]) -> set[Fix]:
    return {
        (
            advisory.id,
            row.ecosystem,
            row.name,
            version(row),
            WORDS.get(row.severity, row.severity.title()),
        )
        for advisory in advisories
        if isinstance(advisory, Advisory)
        for row in advisory.affected
    }


def version(row: Affected) -> str:
    if row.status is Status.NOT_AFFECTED:
        return "0"
    return row.ranges[0].fixed or NONE if row.ranges else NONE


def test_debian_is_read_as_vunnel_reads_it() -> None:
    data = (samples() / "debian/test-fixtures/input/debian.json").read_bytes()
    ours, theirs = found(rows(debian_tracker, data)), expected("debian")
    record_agreement("vunnel's snapshots, Debian", len(ours & theirs), len(theirs))
    assert ours == theirs


def test_alpine_is_read_as_vunnel_reads_it() -> None:
    ours: set[Fix] = set()
    for file in (samples() / "alpine/test-fixtures/input/secdb/v3.15").glob("*.yaml"):
        database = yaml.load(file.read_bytes(), yaml.CSafeLoader)
        ours |= found(rows(alpine_secdb, json.dumps(database).encode()))
    theirs = expected("alpine")
    record_agreement("vunnel's snapshots, Alpine", len(ours & theirs), len(theirs))
    assert ours == theirs


def test_mariner_is_read_as_vunnel_reads_it() -> None:
    data = (samples() / "mariner/test-fixtures/mariner-truncated-2.0-oval.xml").read_bytes()
    ours = found(rows(azure_oval, data))
    theirs = {
        (flaw, ecosystem, name, fix.removeprefix("0:"), severity)
        for flaw, ecosystem, name, fix, severity in expected("mariner")
    }
    record_agreement("vunnel's snapshots, CBL-Mariner", len(ours & theirs), len(theirs))
    assert ours == theirs


def test_epss_is_read_as_vunnel_reads_it() -> None:
    data = (samples() / "epss/test-fixtures/example-1.csv").read_bytes()
    ours = {
        (row.cve, row.epss, row.percentile)
        for row in rows(epss, data)
        if isinstance(row, Likelihood)
    }
    theirs = {(item["cve"], item["epss"], item["percentile"]) for item in snapshots("epss")}
    record_agreement("vunnel's snapshots, EPSS", len(ours & theirs), len(theirs))
    assert ours == theirs


def test_nvd_is_read_as_vunnel_reads_it() -> None:
    ours = {
        (row.cve, score.vector, score.score)
        for name in ("full-page", "single-entry")
        for row in rows(nvd, (samples() / f"nvd/test-fixtures/{name}.json").read_bytes())
        if isinstance(row, Rated)
        for score in row.scores
    }
    theirs = {
        (item["cve"]["id"], metric["cvssData"]["vectorString"], metric["cvssData"]["baseScore"])
        for item in snapshots("nvd")
        for kind, metrics in item["cve"].get("metrics", {}).items()
        if re.fullmatch(r"cvssMetricV\d+", kind)
        for metric in metrics
    }
    record_agreement("vunnel's snapshots, NVD scores", len(ours & theirs), len(theirs))
    assert ours == theirs
