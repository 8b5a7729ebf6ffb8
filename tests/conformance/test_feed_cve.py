"""What ranks and rates a CVE: CISA's catalogue as it is, its Vulnrichment as a feed of NVD's."""

import json
from collections import Counter
from typing import Any

import cvss
import zstandard

from corpora import corpus, record_agreement
from feed_rows import rows
from hullguard.advisories.cvss import base_score
from hullguard.advisories.feed import Exploited, Rated, Stamp
from hullguard.advisories.feeds import kev, nvd

ENTRIES = 1404
CVES = 44_130
KINDS = {
    "CVSS:4.0": "cvssMetricV40",
    "CVSS:3.1": "cvssMetricV31",
    "CVSS:3.0": "cvssMetricV30",
}


def test_every_exploited_cve_is_read() -> None:
    data = corpus("vulnerabilities/cve/kev.json").read_bytes()
    catalogue = json.loads(data)
    stamp, *found = rows(kev, data)
    expected = [
        Exploited(
            cve=entry["cveID"],
            added=entry["dateAdded"],
            due=entry["dueDate"],
            ransomware=entry["knownRansomwareCampaignUse"] == "Known",
        )
        for entry in catalogue["vulnerabilities"]
    ]
    agreed = sum(ours == theirs for ours, theirs in zip(found, expected, strict=True))
    record_agreement("KEV entries", agreed, ENTRIES)
    assert stamp == Stamp(catalogue["dateReleased"])
    assert agreed == len(expected) == ENTRIES == catalogue["count"]


def vulnrichment() -> list[dict[str, Any]]:
    packed = corpus("vulnerabilities/cve/vulnrichment-cvss.ndjson.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    return [json.loads(line) for line in text.splitlines()]


def item(record: dict[str, Any]) -> dict[str, Any]:
    """Write a reduced record as NVD would."""
    metrics: dict[str, list[dict[str, Any]]] = {}
    for source, vector, score in record["cvss"]:
        metrics.setdefault(KINDS.get(vector[:8], "cvssMetricV2"), []).append(
            {"source": source, "cvssData": {"vectorString": vector, "baseScore": score}}
        )
    weaknesses = [{"description": [{"lang": "en", "value": cwe}]} for cwe in record["cwe"]]
    status = "Rejected" if record["state"] == "REJECTED" else "Analyzed"
    cve = {"id": record["id"], "vulnStatus": status, "metrics": metrics, "weaknesses": weaknesses}
    return {"cve": cve}


def test_every_cve_is_rated_as_its_record_says() -> None:
    records = vulnrichment()
    feed = {
        "format": "NVD_CVE",
        "version": "2.0",
        "timestamp": "2024-10-24T00:00:00.000",
        "vulnerabilities": [item(record) for record in records],
    }
    _, *found = rows(nvd, json.dumps(feed).encode())
    agreed = 0
    for row, record in zip(found, records, strict=True):
        assert isinstance(row, Rated)
        scores = {(score.source, score.vector, score.score) for score in row.scores}
        agreed += (
            row.cve == record["id"]
            and scores == {(name, vector, score) for name, vector, score in record["cvss"]}
            and set(row.cwes) == {cwe for cwe in record["cwe"] if cwe.startswith("CWE-")}
        )
    record_agreement("CVEs rated, Vulnrichment as NVD", agreed, CVES)
    assert agreed == len(records) == CVES


# Ratings whose number is not the base score of their vector, and how many there are of each kind.
OTHER_NUMBERS = {
    "the temporal score stands for the base score": 246,
    "the environmental score stands for the base score": 110,
    "another number altogether, most of them far off": 19,
}


def test_base_scores_are_those_that_the_raters_computed() -> None:
    ratings = [rating for record in vulnrichment() for rating in record["cvss"]]
    others = Counter(
        what_it_is(vector, score) for _, vector, score in ratings if base_score(vector) != score
    )
    agreed = len(ratings) - others.total()
    record_agreement("CVSS base scores, Vulnrichment", agreed, len(ratings))
    for kind, count in others.items():
        record_agreement(f"CVSS: {kind}", count, OTHER_NUMBERS[kind])
    assert others == OTHER_NUMBERS


def what_it_is(vector: str, score: float) -> str:
    temporal, environmental, other = OTHER_NUMBERS
    if not vector.startswith("CVSS:3"):
        return other
    scores = [float(value) for value in cvss.CVSS3(vector).scores()]
    return {scores[2]: environmental, scores[1]: temporal}.get(score, other)
