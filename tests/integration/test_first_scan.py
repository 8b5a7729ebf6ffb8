"""The first scan on a new machine just works: it fetches what it needs, and only that.

The sites are a local server with real data: PyPI's archive, Debian's lists, CISA's catalogue and
scores from the corpora; Debian's tracker and EPSS are written here in their documented formats.
"""

import json
import os
import random
import resource
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from command_line import Done, environment, hullguard_process, run_hullguard
from corpora import corpus
from fault_proxy import ALWAYS, replying
from image_builder import BuiltImage, tar
from upstreams import Upstreams, epss, nvd, upstreams

pytestmark = pytest.mark.integration

KILLS = 20
DATA = "vulnerabilities"
NVD = "/nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-"
LISTS = "/salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/"
FAMILIES = [
    "/epss.empiricalsecurity.com/epss_scores-current.csv.gz",
    f"{LISTS}DLA/list",
    f"{LISTS}DSA/list",
    "/security-tracker.debian.org/tracker/data/json",
    "/storage.googleapis.com/osv-vulnerabilities/PyPI/all.zip",
    "/www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
]
YEARS = [f"{NVD}{year}.json.gz" for year in (2020, 2022, 2023, 2024)]

IMAGE = BuiltImage(
    [
        tar(
            {
                "etc/os-release": b'ID=debian\nVERSION_ID="14"\nVERSION_CODENAME=forky\n',
                "var/lib/dpkg/status": (
                    b"Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\n"
                    b"Source: openssl\nVersion: 3.0.7-1\n"
                ),
                "opt/app/bottle-0.12.18.dist-info/METADATA": b"Name: bottle\nVersion: 0.12.18\n",
            }
        )
    ],
    config={"User": "app"},
)


def tracker(*open_: str, **fixed: str) -> bytes:
    """Write Debian's tracker for openssl in Debian 14."""
    release = {"repositories": {"forky": "3.0.7-1"}, "urgency": "not yet assigned"}
    flaws = {cve: {"status": "open", **release} for cve in open_} | {
        cve.replace("_", "-"): {"status": "resolved", "fixed_version": version, **release}
        for cve, version in fixed.items()
    }
    entries = {cve: {"scope": "remote", "releases": {"forky": flaw}} for cve, flaw in flaws.items()}
    return json.dumps({"openssl": entries}).encode()


TRACKER = tracker("CVE-2024-5535", CVE_2022_4304="3.0.8-1", CVE_2023_0286="3.0.8-1")
FOUND = {
    "CVE-2020-28473": "pypi",
    "CVE-2022-31799": "pypi",
    "CVE-2022-4304": "deb",
    "CVE-2023-0286": "deb",
    "CVE-2024-5535": "deb",
}


class Machine(msgspec.Struct, frozen=True):
    """A new machine: empty caches, and the sites in reach."""

    sites: Upstreams
    layout: Path
    home: Path

    @property
    def db(self) -> Path:
        """Where the advisories get to."""
        return self.home / ".cache/hullguard/db"

    def scan(self, *options: str) -> Done:
        """Scan the image."""
        command = ["image", "scan", str(self.layout), "--format", "json", *options]
        return run_hullguard(*command, stdin=b"", **self.variables)

    @property
    def variables(self) -> dict[str, str]:
        """The environment in which nothing but the sites and the caches is different."""
        return {"HOME": str(self.home), "HULLGUARD_CONFIG": str(self.home / "config.toml")}

    def shards(self) -> dict[str, bytes]:
        """Return what is there, by path."""
        return {
            path.relative_to(self.db).as_posix(): path.read_bytes()
            for path in sorted(self.db.glob("*/[!.]*.db"))
        }


def machine(sites: Upstreams, folder: Path, advisories: Path | None = None) -> Machine:
    """Set up a machine, with a copy of the advisories of another one if there is one."""
    home = folder / "home"
    home.mkdir(parents=True)
    (home / "config.toml").write_text(sites.config())
    made = Machine(sites, IMAGE.layout(folder / "layout"), home)
    if advisories:
        shutil.copytree(advisories, made.db)
    return made


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Machine]:
    with upstreams() as sites:
        publish(sites, records=3_000)
        yield machine(sites, tmp_path)


def publish(sites: Upstreams, *, records: int) -> None:
    """Put real data on the sites, so many records of each at most."""
    sites.put("debian", TRACKER)
    for name in ("DSA", "DLA"):
        text = corpus(f"{DATA}/debian/{name}-list.txt").read_text()
        sites.put(f"debian-{name.lower()}", _first_entries(text, records).encode())
    archive = corpus(f"{DATA}/osv/PyPI/all.zip").read_bytes()
    sites.put("pypi", _first_members(archive, records))
    sites.put("kev", corpus(f"{DATA}/cve/kev.json").read_bytes())
    sites.put("epss", epss(dict.fromkeys(FOUND, 0.25)))
    years: dict[str, dict[str, float]] = {}
    for cve, score in _scores().items():
        years.setdefault(cve[4:8], {})[cve] = score
    for year in range(2015, 2026):
        scores = dict(list(years.get(str(year), {}).items())[:records])
        sites.put("cve", nvd(scores), year=str(year))
    sites.put("cve", nvd({"CVE-2024-5535": 9.1}), year="modified")


def rules(done: Done) -> dict[str, str]:
    """Return which flaws were found, in packages of which type."""
    return {
        finding["rule"]["id"]: finding["evidence"]["package"]["type"]
        for finding in done.report["findings"]
        if finding["evidence"]
    }


def test_the_first_scan_fetches_just_its_families_and_reports(new: Machine) -> None:
    done = new.scan()
    assert (done.code, done.err) == (0, "")
    assert rules(done) == FOUND
    assert new.sites.asked_paths() == sorted([*FAMILIES, *YEARS])
    assert [family["family"] for family in done.document["database"]] == [
        "cve",
        "debian",
        "epss",
        "kev",
        "pypi",
    ]


def test_the_next_scan_needs_no_network_and_finds_the_same(new: Machine) -> None:
    first = new.scan()
    new.sites.asked()
    second = new.scan()
    assert (second.code, second.report["findings"]) == (0, first.report["findings"])
    assert new.sites.asked_paths() == []


def test_advisories_that_have_aged_are_asked_for_news_only(new: Machine) -> None:
    new.scan()
    before = new.shards()
    new.sites.asked()
    done = new.scan("--max-age", "0")
    assert (done.code, rules(done)) == (0, FOUND)
    conditions = {seen.path: "if-none-match" in seen.headers for seen in new.sites.asked()}
    changes = f"{NVD}modified.json.gz"
    assert conditions.pop(changes) is False
    assert sorted(conditions) == FAMILIES
    assert all(conditions.values())
    unchanged = {name for name, content in new.shards().items() if content == before[name]}
    assert {name for name in before if "cve-" not in name} <= unchanged
    new.scan("--max-age", "0")
    assert all("if-none-match" in seen.headers for seen in new.sites.asked())


def test_without_a_network_an_empty_cache_is_no_all_clear(new: Machine) -> None:
    done = new.scan("--offline")
    assert done.code == 3
    assert rules(done) == {}
    told = " ".join(gap["why"] for gap in done.report["gaps"])
    assert "1 deb package was not checked: no debian advisories are here" in told
    assert "1 pypi package was not checked: no pypi advisories are here" in told
    assert new.sites.asked_paths() == []


def test_a_site_that_is_down_is_no_all_clear_either(new: Machine) -> None:
    new.sites.proxy.add("/PyPI/all.zip", replying(403), ALWAYS)
    done = new.scan()
    assert done.code == 3
    assert set(rules(done).values()) == {"deb"}
    told = " ".join(f"{gap['where']} {gap['why']}" for gap in done.report["gaps"])
    assert "pypi advisories could not be fetched" in told


def test_killed_at_any_moment_the_database_is_valid_and_the_next_scan_succeeds(
    tmp_path: Path,
) -> None:
    """Kill scans on new machines, and on those with older advisories; every shard is whole."""
    chance = random.Random(20)  # noqa: S311 - moments, not secrets
    with upstreams() as sites:
        publish(sites, records=150)
        old = scanned(machine(sites, tmp_path / "old"))
        publish(sites, records=200)
        began = cpu_of_children()
        new = scanned(machine(sites, tmp_path / "new"))
        seconds = cpu_of_children() - began
        renewed = scanned(machine(sites, tmp_path / "renewed", old.db))
        still_running = 0
        for number in range(KILLS):
            start, end = ((None, new), (old, renewed))[number % 2]
            victim = machine(sites, tmp_path / f"victim-{number}", start.db if start else None)
            moment = chance.uniform(0.2, 0.9) * seconds
            still_running += killed(victim, moment)
            whole = [each.shards() for each in (start, end) if each]
            for name, content in victim.shards().items():
                assert content in {shards.get(name) for shards in whole}, (number, moment, name)
            assert not start or victim.shards().keys() == start.shards().keys()
            scanned(victim)
    assert still_running > KILLS / 2  # else nothing was tried


def scanned(machine: Machine) -> Machine:
    done = machine.scan("--max-age", "0")
    assert (done.code, done.err, rules(done)) == (0, "", FOUND)
    return machine


def killed(victim: Machine, moment: float) -> bool:
    """Start a scan and end it, as a power cut would; tell whether it was still running.

    The moment is told by the CPU time that it has used: that does not depend on who else is busy.
    """
    process = subprocess.Popen(
        hullguard_process("image", "scan", victim.layout, "--max-age", "0"),
        env=environment(**victim.variables),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while process.poll() is None:
        if _cpu_of(process.pid) >= moment:
            process.kill()
            return process.wait() < 0
        time.sleep(0.002)
    return False


def cpu_of_children() -> float:
    """Return the seconds that processes which have ended have used."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cpu_of(pid: int) -> float:
    """Return the seconds that a process has used so far (source: proc(5), stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@cache
def _scores() -> Mapping[str, float]:
    """Return the worst score of every CVE in the corpus of CISA's ratings."""
    packed = corpus(f"{DATA}/cve/vulnrichment-cvss.ndjson.zst").read_bytes()
    text = zstandard.ZstdDecompressor().stream_reader(packed).read()
    rows = msgspec.json.Decoder(dict[str, Any]).decode_lines(text)
    return {row["id"]: max(rating[2] for rating in row["cvss"]) for row in rows if row["cvss"]}


def _first_entries(text: str, count: int) -> str:
    entries = text.split("\n[")
    return "\n[".join(entries[:count]) + "\n"


def _first_members(archive: bytes, count: int) -> bytes:
    """Keep some records of an archive, among them those of the image's package."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source:
        names = sorted(source.namelist())
        if len(names) <= count:
            return archive
        kept = [*names[:count], "PYSEC-2021-129.json", "PYSEC-2022-227.json"]
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            for name in dict.fromkeys(kept):
                target.writestr(zipfile.ZipInfo(name), source.read(name))
    return buffer.getvalue()
