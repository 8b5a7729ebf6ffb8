"""The facts of the demo that were written down by hand: others wrote down the same.

Debian's list and Julia's advisories are compared only; nothing of them ships.
"""

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zstandard

from corpora import corpus, record_agreement

ROOT = Path(__file__).resolve().parents[2]
OWN_LIST = ROOT / "src/hullguard/demo/data/advisories/debian/DSA-list.txt"

Announcement = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]

YOUNGER = {  # than the copy of Debian's list, which ends on 2 April 2023
    *("DSA-5391-1", "DSA-5417-1", "DSA-5419-1", "DSA-5514-1", "DSA-5523-1", "DSA-5570-1"),
    *("DSA-5587-1", "DSA-5638-1", "DSA-5650-1", "DSA-5673-1", "DSA-5678-1", "DSA-5726-1"),
}
UNWITNESSED = {  # no corpus repeats the rating that NVD shows of them
    *("CVE-2023-0361", "CVE-2023-31130", "CVE-2023-4911", "CVE-2024-24806"),
}


def announcements(text: str) -> dict[str, Announcement]:
    """Return date, flaws and bullseye's fixes of every advisory, as the list's own words say."""
    found = {}
    for entry in re.split(r"^(?=\[\d)", text, flags=re.MULTILINE):
        if header := re.match(r"\[([^]]+)\] (DSA-[\d-]+)", entry):
            flaws = tuple(re.findall(r"CVE-\d+-\d+", entry))
            fixes = tuple(re.findall(r"\[bullseye\] - (\S+) (\S+)", entry))
            found[header[2]] = header[1], flaws, fixes
    return found


def vectors(name: str) -> Iterator[tuple[str, str]]:
    """Yield CVEs with the ratings that the records of an archive give them."""
    with zipfile.ZipFile(corpus(f"vulnerabilities/osv/{name}/all.zip")) as archive:
        for member in archive.namelist():
            record = json.loads(archive.read(member))
            parts = (record, *record["affected"])
            for rating in (each for part in parts for each in part.get("severity") or ()):
                for cve in (*(record.get("aliases") or ()), *(record.get("upstream") or ())):
                    yield cve, rating["score"]


def by_cisa() -> Iterator[tuple[str, str]]:
    path = corpus("vulnerabilities/cve/vulnrichment-cvss.ndjson.zst")
    with path.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as stream:
        for line in io.TextIOWrapper(stream, "utf-8"):
            record: dict[str, Any] = json.loads(line)
            for _, vector, _ in record["cvss"]:
                yield record["id"], vector


def test_debian_announced_what_the_demo_says() -> None:
    ours = announcements(OWN_LIST.read_text())
    theirs = announcements((corpus("vulnerabilities/debian") / "DSA-list.txt").read_text())
    agreed = {name for name, said in ours.items() if theirs.get(name) == said}
    record_agreement("demo: Debian's security advisories", len(agreed), len(ours))
    assert ours.keys() - agreed == YOUNGER


def test_others_repeat_the_ratings_of_the_demo() -> None:
    facts = tomllib.loads((ROOT / "scripts/demo-facts.toml").read_text("utf-8"))
    ours = {pair for rated in facts["ratings"].values() for pair in rated.items()}
    theirs = {*vectors("Julia"), *vectors("Bitnami"), *by_cisa()}
    record_agreement("demo: ratings that NVD shows", len(ours & theirs), len(ours))
    assert {cve for cve, _ in ours - theirs} == UNWITNESSED
