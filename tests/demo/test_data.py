"""What ships: facts alone, of the day that is declared, and as the scripts make them."""

import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from corpora import corpus
from hullguard.demo.sample import sample

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src/hullguard/demo/data"
DEBIAN = DATA / "advisories/debian/DSA-list.txt"
FACTS = {
    # OSV
    *("schema_version", "id", "published", "modified", "aliases", "severity", "type", "score"),
    *("affected", "package", "ecosystem", "name", "ranges", "events"),
    *("introduced", "fixed", "last_affected", "database_specific", "cwe_ids"),
    # NVD
    *("format", "version", "timestamp", "vulnerabilities", "cve", "metrics", "cvssMetricV31"),
    *("source", "cvssData", "vectorString", "baseScore", "baseSeverity"),
    # KEV
    *("catalogVersion", "dateReleased", "count", "cveID", "dateAdded", "dueDate"),
    *("knownRansomwareCampaignUse", "cwes"),
}


def documents() -> Iterator[Any]:
    for path in sorted((DATA / "advisories").rglob("*.json")):
        yield json.loads(path.read_bytes())
    yield from records()


def records() -> Iterator[Any]:
    for path in sorted((DATA / "advisories").rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            yield from (json.loads(archive.read(name)) for name in archive.namelist())


def keys_and_texts(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for each in value:
            yield from keys_and_texts(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield key, each if isinstance(each, str) else ""
            yield from keys_and_texts(each)


def test_there_is_no_key_for_prose_and_no_text_with_a_blank_in_it() -> None:
    pairs = {pair for document in documents() for pair in keys_and_texts(document)}
    assert {key for key, _ in pairs} <= FACTS
    assert [text for _, text in pairs if " " in text] == []


def test_debian_has_nothing_but_the_lines_that_its_format_needs() -> None:
    header = r"\[\d\d \w{3} \d{4}\] DSA-\d+-1 \S+ - security update"
    flaws, fix = r"\t\{CVE-\d+-\d+( CVE-\d+-\d+)*\}", r"\t\[bullseye\] - \S+ \d\S*"
    assert re.fullmatch(f"({header}\n{flaws}\n{fix}\n)+", DEBIAN.read_text())


def test_nothing_is_younger_than_the_day_that_is_declared() -> None:
    with sample() as shipped:
        day = shipped.date
    assert all(datetime.fromisoformat(record["published"]) <= day for record in records())
    kev = json.loads((DATA / "advisories/kev/known_exploited_vulnerabilities.json").read_bytes())
    assert all(each["dateAdded"] <= f"{day:%Y-%m-%d}" for each in kev["vulnerabilities"])
    newest = re.findall(r"\[(.+?)\] DSA", DEBIAN.read_text())[0]
    assert datetime.strptime(newest + " +0000", "%d %b %Y %z") <= day


def test_it_is_small() -> None:
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 300_000


def test_the_image_is_what_its_script_makes(tmp_path: Path) -> None:
    made = tmp_path / "image.tar"
    subprocess.run([sys.executable, ROOT / "scripts/make-demo-image", made], check=True)
    assert made.read_bytes() == (DATA / "image.tar").read_bytes()


def test_the_advisories_are_what_their_script_makes(tmp_path: Path) -> None:
    folder = corpus("vulnerabilities/osv").parent
    script = ROOT / "scripts/make-demo-advisories"
    subprocess.run([sys.executable, script, folder, tmp_path], check=True)
    made = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.*")]
    assert len(made) == 5
    for name in made:
        assert (tmp_path / name).read_bytes() == (DATA / "advisories" / name).read_bytes()


@pytest.mark.parametrize("name", ["make-demo-image", "make-demo-advisories"])
def test_the_scripts_are_linted_though_they_have_no_ending(name: str) -> None:
    script = ROOT / "scripts" / name
    lint = [sys.executable, "-m", "ruff", "check", str(script)]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "All checks passed!\n")
