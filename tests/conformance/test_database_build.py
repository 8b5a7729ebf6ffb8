"""Databases built from the corpora: counts, the same bytes twice, and what they say of versions.

What the sources say of single versions is asked back from the built database: of every PyPI
record some of its listed versions and all its fixes; of every AlmaLinux erratum the first package
in each release, and of every Debian announcement each package, at the version that repairs it
and below.
"""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard

from advisory_samples import osv_zip
from corpora import corpus, record_agreement
from hullguard.advisories.build import BuildResult, build
from hullguard.advisories.database import Advisories
from hullguard.advisories.dates import instant_of
from hullguard.advisories.ecosystems import Query
from hullguard.advisories.evidence import Match
from hullguard.advisories.match import hits, is_version
from hullguard.advisories.names import debian_ecosystem, normalised
from hullguard.advisories.shelf import Shelf
from hullguard.model import Distro, Package, Status

TODAY = datetime(2026, 11, 24, tzinfo=UTC)
NOW = instant_of(TODAY)
ADVISORIES = {  # as ../shared/data/vulnerabilities/SOURCES.md counts them
    "almalinux": 5_637,
    "bitnami": 7_444,
    "cargo": 1_206,
    "composer": 591,
    "golang": 4_291,
    "julia": 1_703,
    "psf": 132,
    "pypi": 7_080,
}
# Fixes that their own record lists among the affected versions, too; so they are affected.
LISTED_FIXES = {("PYSEC-2021-114", "2.11.6"), ("PYSEC-2024-258", "2.0.0")}

Question = tuple[Query, str, bool]
"""A package, an advisory or flaw, and whether its source says that the package has it."""

_REBUILD = (
    "import sys; from pathlib import Path; from hullguard.advisories.build import build;"
    "build([Path(sys.argv[1])], Path(sys.argv[2]))"
)


@pytest.fixture(scope="module")
def osv(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, BuildResult]:
    """Build the OSV archives twice, at the same time and with other hashes."""
    archives = corpus("vulnerabilities/osv")
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    command = [sys.executable, "-c", _REBUILD, str(archives), str(second)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONHASHSEED": "1"}) as other:
        result = build([archives], first)
        assert other.wait() == 0
    return first, second, result


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Path:
    db = tmp_path_factory.mktemp("debian")
    assert build([corpus("vulnerabilities/debian")], db).gaps == ()
    return db


def test_every_record_of_the_osv_archives_is_in_the_database(
    osv: tuple[Path, Path, BuildResult],
) -> None:
    _, _, result = osv
    counted = {state.family: state.advisories for state in result.families}
    agreed = sum(min(count, counted.get(family, 0)) for family, count in ADVISORIES.items())
    record_agreement("advisories built from the OSV archives", agreed, sum(ADVISORIES.values()))
    assert counted == ADVISORIES
    assert (result.gaps, result.ignored) == ((), ())


def test_two_builds_give_the_same_bytes(osv: tuple[Path, Path, BuildResult]) -> None:
    first, second, _ = osv
    shards = sorted(path.relative_to(first) for path in first.glob("*/*.db"))
    same = sum((first / shard).read_bytes() == (second / shard).read_bytes() for shard in shards)
    record_agreement("shards of two builds, equal in every byte", same, len(shards))
    assert same == len(shards) == 2 * len(ADVISORIES)


def disagreements(db: Path, family: str, name: str, asked: Iterable[Question]) -> list[Question]:
    """Ask everything, note the agreement, and return where the database says otherwise."""
    asked = list(asked)
    wanted: dict[str, set[str]] = {}
    for query, _, _ in asked:
        wanted.setdefault(query.ecosystem, set()).add(query.name)
    shelf = Shelf(db)
    known = {each: shelf.entries(family, each, names) for each, names in wanted.items()}
    shelf.close()
    told = {
        query: {name for hit in hits(query, entries, NOW) for name in hit.ids}
        for query in {query for query, _, _ in asked}
        if (entries := known[query.ecosystem].get(query.name, [])) is not None
    }
    wrong = [each for each in asked if (each[1] in told[each[0]]) is not each[2]]
    record_agreement(name, len(asked) - len(wrong), len(asked))
    return wrong


def records(archive: str) -> Iterator[dict[str, Any]]:
    with zipfile.ZipFile(corpus(f"vulnerabilities/osv/{archive}/all.zip")) as packed:
        for name in packed.namelist():
            yield json.loads(packed.read(name))


def fixes(affected: dict[str, Any]) -> Iterator[str]:
    for range_ in affected.get("ranges", ()):
        if range_["type"] != "GIT":
            yield from (event["fixed"] for event in range_["events"] if "fixed" in event)


def pypi_questions() -> Iterator[Question]:
    for record in records("PyPI"):
        if record.get("withdrawn", NOW) < NOW:
            continue
        for affected in record["affected"]:
            name = normalised("pypi", affected["package"]["name"])
            listed = affected.get("versions", [])
            for version in {*listed[:1], *listed[-1:], *listed[len(listed) // 2 :][:1]}:
                yield Query("pypi", name, version), record["id"], True
            for version in fixes(affected):
                yield Query("pypi", name, version), record["id"], False


def test_pypis_listed_versions_are_affected_and_its_fixes_are_not(
    osv: tuple[Path, Path, BuildResult],
) -> None:
    wrong = disagreements(osv[0], "pypi", "versions of PyPI records, as judged", pypi_questions())
    # Listed versions that PEP 440 does not know are gaps in a scan, "version unknown".
    strange = [each for each in wrong if not is_version("pep440", each[0].version)]
    assert len(strange) == 21
    rest = {
        (flaw, query.version) for query, flaw, _ in wrong if is_version("pep440", query.version)
    }
    assert rest == LISTED_FIXES


def alma_questions() -> Iterator[Question]:
    for record in records("AlmaLinux"):
        is_flaw = record["id"].startswith("ALSA") or bool(record["related"])
        seen = set()
        for affected in record["affected"]:
            ecosystem = affected["package"]["ecosystem"].lower()
            if ecosystem not in seen:
                seen.add(ecosystem)
                [fix] = fixes(affected)
                module = "*" if ".module_el" in fix else ""
                name = affected["package"]["name"]
                yield Query(ecosystem, name, fix, module=module), record["id"], False
                yield Query(ecosystem, name, "0-0", module=module), record["id"], is_flaw


def test_almalinuxs_errata_concern_what_is_older_than_their_builds(
    osv: tuple[Path, Path, BuildResult],
) -> None:
    wrong = disagreements(
        osv[0], "almalinux", "packages of AlmaLinux errata, as judged", alma_questions()
    )
    assert wrong == []


_FIX = re.compile(r"\[(\w+)\] - (\S+) ([^<\s]\S*)")


def announced() -> Iterator[tuple[str, str, str, str, str]]:
    """Yield (list, CVE, ecosystem, source package, fix), the newest announcement first."""
    for list_ in ("DSA", "DLA"):
        cves: list[str] = []
        text = corpus(f"vulnerabilities/debian/{list_}-list.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            fix = _FIX.match(line.strip())
            if line.startswith("["):
                cves = []
            elif line.strip().startswith("{"):
                cves = line.strip("\t {}").split()
            elif fix and (ecosystem := debian_ecosystem(fix[1])):
                yield from ((list_, cve, ecosystem, fix[2], fix[3]) for cve in cves)


def debian_questions() -> Iterator[Question]:
    """Ask about the fix of the newest announcement of each flaw: LTS follows the security team."""
    newest: dict[tuple[str, str, str], str] = {}
    lists: dict[tuple[str, str, str], str] = {}
    for list_, *key, fix in announced():
        place = (key[0], key[1], key[2])
        if lists.setdefault(place, list_) != list_:
            lists[place] = list_
            newest.pop(place)
        newest.setdefault(place, fix)
    for (cve, ecosystem, name), fix in newest.items():
        yield Query(ecosystem, name, fix), cve, False
        yield Query(ecosystem, name, f"{fix}~"), cve, True


def test_debians_announcements_concern_what_is_older_than_their_fixes(debian: Path) -> None:
    name = "packages of Debian announcements, as judged"
    assert disagreements(debian, "debian", name, debian_questions()) == []


def matches(db: Path, package: Package, distro: Distro | None = None) -> dict[str, Match]:
    with Advisories(db, today=TODAY) as advisories:
        found = list(advisories.match([package], distro))
    return {match.rule.id: match for match in found if isinstance(match, Match)}


def test_openssl_of_debian_11_lacks_what_its_next_update_repaired(debian: Path) -> None:
    bullseye = Distro(id="debian", version="11")
    libssl = Package(
        type="deb", name="libssl1.1", version="1.1.1n-0+deb11u3", arch="amd64", source="openssl"
    )
    found = matches(debian, libssl, bullseye)
    assert sorted(found) == [
        "CVE-2022-2097",
        "CVE-2022-4304",
        "CVE-2022-4450",
        "CVE-2023-0215",
        "CVE-2023-0286",
    ]
    fixed_in = {match.vulnerability.fixed_in for match in found.values()}
    assert fixed_in == {("1.1.1n-0+deb11u4",)}


def test_django_2_2_has_what_its_releases_repaired(osv: tuple[Path, Path, BuildResult]) -> None:
    found = matches(osv[0], Package(type="pypi", name="Django", version="2.2"))
    injection = found["CVE-2022-28346"].vulnerability
    assert injection.ids == ("CVE-2022-28346", "PYSEC-2022-190", "GHSA-2gwj-7jmv-h26r")
    assert injection.fixed_in[:3] == ("2.2.28", "3.2.13", "4.0.4")
    assert "CVE-2018-14574" not in found  # repaired in 2.1
    assert len(found) == 30


@pytest.fixture(scope="module")
def harvest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the real GitHub records that others' tests hold; log4j-core's is not among them."""
    folder = tmp_path_factory.mktemp("harvest")
    packed = corpus("vulnerabilities/osv-harvest/osv-records.ndjson.zst").read_bytes()
    text = zstandard.ZstdDecompressor().decompressobj().decompress(packed)
    found = [json.loads(line) for line in text.splitlines()]
    (folder / "all.zip").write_bytes(osv_zip(*found))
    result = build([folder / "all.zip"], folder / "db")
    maven = next(state for state in result.families if state.family == "maven")
    count = sum(_has(record, "Maven") for record in found)
    record_agreement("Maven records of the harvest", maven.advisories, count)
    assert (maven.advisories, count, result.gaps) == (373, 373, ())
    return folder / "db"


def test_log4j_1_2_17_has_the_five_flaws_that_nobody_repairs(harvest: Path) -> None:
    found = matches(harvest, Package(type="maven", name="log4j:log4j", version="1.2.17"))
    assert {rule: match.severity.value for rule, match in found.items()} == {
        "CVE-2019-17571": "critical",
        "CVE-2021-4104": "high",
        "CVE-2022-23302": "high",
        "CVE-2022-23305": "critical",
        "CVE-2022-23307": "critical",
    }
    for match in found.values():
        assert match.vulnerability.status is Status.AFFECTED
        assert match.vulnerability.fixed_in == ()
        assert match.vulnerability.severity_source == "ghsa"


def test_jackson_2_9_8_is_told_the_next_fix_of_its_branch(harvest: Path) -> None:
    jackson = Package(
        type="maven", name="com.fasterxml.jackson.core:jackson-databind", version="2.9.8"
    )
    found = matches(harvest, jackson)
    polymorphic = found["CVE-2019-12086"]
    assert polymorphic.vulnerability.ids == ("CVE-2019-12086", "GHSA-5ww9-j83m-q7qx")
    assert polymorphic.vulnerability.fixed_in == ("2.9.9", "2.8.11.4", "2.7.9.6", "2.6.7.3")
    assert polymorphic.vulnerability.status is Status.FIXED
    assert "CVE-2018-19360" not in found  # repaired in 2.9.8


def _has(record: dict[str, Any], ecosystem: str) -> bool:
    packages = [affected.get("package") or {} for affected in record.get("affected") or ()]
    return any(package.get("ecosystem") == ecosystem for package in packages)
