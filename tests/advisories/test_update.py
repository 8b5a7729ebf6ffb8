"""Keeping families current: fetched once, then only what has changed, the old kept on failure."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fault_proxy import ALWAYS, dropping, held, replying, slow
from hullguard.advisories.dates import instant_of
from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.presence import family_contents
from hullguard.advisories.update import Updater
from hullguard.model import Distro, GapKind, Misused
from hullguard.transport.retry import Patience
from upstreams import Upstreams, fill, kev, upstreams

TRACKER = "/security-tracker.debian.org/tracker/data/json"
LISTS = "/salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data/"
DSA, DLA = f"{LISTS}DSA/list", f"{LISTS}DLA/list"
KEV = "/www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json"
ALPINE = "/secdb.alpinelinux.org/"
HASTY = Patience(sleep=lambda _: None)


@pytest.fixture
def sites() -> Iterator[Upstreams]:
    with upstreams() as sites:
        fill(sites)
        yield sites


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "db"


@pytest.fixture
def updater(sites: Upstreams, db: Path) -> Updater:
    return Updater(db, addresses=sites.addresses(), patience=HASTY)


def coverage(db: Path, family: str) -> tuple[str, ...]:
    contents = family_contents(db, family)
    return contents.coverage if contents else ()


def make_older(db: Path, family: str, age: timedelta) -> None:
    """Let a family have been fetched some time ago."""
    path = db / "fetched" / f"{family}.json"
    note = json.loads(path.read_text())
    note["at"] = instant_of(datetime.now(UTC) - age)
    path.write_text(json.dumps(note))


def fetched_at(db: Path, family: str) -> str:
    note = read_fetched(db, family)
    return note.at if note else ""


def left(db: Path) -> list[str]:
    return sorted(path.name for path in (db / "incoming").iterdir() if path.stat().st_size)


def test_a_family_is_fetched_from_exactly_its_feeds(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    assert updater.update(["debian"]) == ()
    assert sites.asked_paths() == [DLA, DSA, TRACKER]
    assert coverage(db, "debian") == ("debian:10", "debian:11", "debian:12")
    note = read_fetched(db, "debian")
    assert note
    assert sorted(note.feeds) == ["debian", "debian-dla", "debian-dsa"]
    assert left(db) == []


def test_what_has_not_changed_is_not_fetched_again_but_its_date_is_renewed(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update(["debian"])
    make_older(db, "debian", timedelta(days=3))
    before = (db / "match/debian.db").stat().st_ino
    sites.asked()
    assert updater.update(["debian"]) == ()
    asked = sites.asked()
    assert len(asked) == 3
    assert all(seen.headers["if-none-match"] for seen in asked)
    assert (db / "match/debian.db").stat().st_ino == before
    assert fetched_at(db, "debian") > instant_of(datetime.now(UTC) - timedelta(minutes=1))


def test_a_change_in_one_file_brings_the_others_too(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update(["debian"])
    sites.put("debian-dla", b"[20 Feb 2023] DLA-1-1 x\n\t{CVE-2023-9}\n\t[stretch] - x 2\n")
    sites.asked()
    assert updater.update(["debian"]) == ()
    assert sites.asked_paths() == [DLA, DSA, DSA, TRACKER, TRACKER]
    assert coverage(db, "debian") == ("debian:11", "debian:12", "debian:9")


def test_the_release_that_is_scanned_joins_those_that_are_here(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update(["alpine"], Distro(id="alpine", version="3.19.1"))
    assert sites.asked_paths() == [f"{ALPINE}v3.19/community.json", f"{ALPINE}v3.19/main.json"]
    assert coverage(db, "alpine") == ("alpine:3.19",)
    assert updater.update(["alpine:edge"]) == ()
    assert coverage(db, "alpine") == ("alpine:3.19", "alpine:edge")


def test_a_release_that_nobody_publishes_is_a_gap_and_the_others_are_brought(
    updater: Updater, db: Path
) -> None:
    [gap] = updater.update(["alpine:3.19", "alpine:3.99"])
    assert gap.kind is GapKind.NOT_COVERED
    assert gap.where == "alpine 3.99"
    assert gap.why.endswith("/secdb.alpinelinux.org/v3.99/main.json")
    assert coverage(db, "alpine") == ("alpine:3.19",)


def test_an_absurd_release_is_a_gap_and_nothing_is_asked(
    sites: Upstreams, updater: Updater
) -> None:
    [gap] = updater.update(["alpine:../../x"])
    assert str(gap) == "alpine ../../x: is no release known here"
    assert sites.asked_paths() == []


def test_without_older_advisories_a_failure_says_that_there_are_none(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    sites.proxy.add(DSA, replying(500), ALWAYS)
    [gap] = updater.update(["debian", "kev"])
    assert gap.kind is GapKind.NOT_COVERED
    assert gap.where == "debian advisories"
    assert gap.why.startswith("could not be fetched: 127.0.0.1")
    assert not (db / "match/debian.db").exists()
    assert coverage(db, "kev") == ()
    assert (db / "match/kev.db").exists()


def test_a_failed_update_leaves_the_older_advisories_and_their_date(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update(["debian"])
    make_older(db, "debian", timedelta(days=3))
    before, at = (db / "match/debian.db").read_bytes(), fetched_at(db, "debian")
    sites.proxy.add(TRACKER, replying(404), ALWAYS)
    sites.put("debian-dsa", b"[20 Feb 2023] DSA-1-1 x\n\t{CVE-2023-9}\n\t[stretch] - x 2\n")
    [gap] = updater.update(["debian"])
    assert gap.kind is GapKind.OUTDATED
    assert "could not be renewed, so the older ones stay" in gap.why
    assert "has no /security-tracker.debian.org/tracker/data/json (404)" in gap.why
    assert ((db / "match/debian.db").read_bytes(), fetched_at(db, "debian")) == (before, at)


def test_files_that_arrived_before_a_failure_are_not_fetched_again(
    sites: Upstreams, db: Path
) -> None:
    patience = Patience(sleep=lambda _: time.sleep(0.1))  # meanwhile the others arrive
    updater = Updater(db, addresses=sites.addresses(), patience=patience)
    sites.proxy.add(TRACKER, replying(503), 8)
    updater.update(["debian"])
    sites.asked()
    assert updater.update(["debian"]) == ()
    conditions = {seen.path: seen.headers.get("if-none-match") for seen in sites.asked()}
    assert conditions[TRACKER] is None
    assert conditions[DSA]
    assert conditions[DLA]
    assert coverage(db, "debian") == ("debian:10", "debian:11", "debian:12")


def test_an_interrupted_download_goes_on_where_it_stopped(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    sites.put("kev", kev([f"CVE-2023-{number}" for number in range(1000, 6000)]))
    sites.proxy.add(KEV, dropping(300_000), 1)
    sites.proxy.add(KEV, replying(500), 7)
    assert len(updater.update(["kev"])) == 1
    assert left(db) == ["kev.data.part", "kev.data.part.json"]
    sites.asked()
    assert updater.update(["kev"]) == ()
    [seen] = sites.asked()
    assert seen.headers["range"].startswith("bytes=")
    assert seen.headers["range"] != "bytes=0-"
    assert left(db) == []


def test_a_file_that_makes_no_sense_is_thrown_away_and_the_old_shard_stays(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update(["kev"])
    before = (db / "match/kev.db").read_bytes()
    sites.put("kev", b'{"catalogVersion": "1", "dateReleased": "2026-05-01", "vulnerabilities": 1}')
    [gap] = updater.update(["kev"])
    assert gap.kind is GapKind.OUTDATED
    assert (db / "match/kev.db").read_bytes() == before
    assert left(db) == []
    sites.put("kev", kev(["CVE-2024-1"]))
    assert updater.update(["kev"]) == ()
    assert (db / "match/kev.db").read_bytes() != before


@pytest.mark.parametrize("shard", ["match", "details"])
def test_a_damaged_shard_is_fetched_anew_though_nothing_has_changed(
    sites: Upstreams, updater: Updater, db: Path, shard: str
) -> None:
    updater.update(["debian"])
    path = db / shard / "debian.db"
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * 8192 + content[16384:])
    sites.asked()
    assert updater.update(["debian"]) == ()
    assert not any("if-none-match" in seen.headers for seen in sites.asked())
    assert path.read_bytes() == content


def test_a_limit_of_requests_is_honoured_and_shown(sites: Upstreams, db: Path) -> None:
    waits: list[float] = []
    told = Notes()
    patience = Patience(sleep=waits.append)
    sites.proxy.add(KEV, replying(429, headers={"Retry-After": "7"}), 1)
    updater = Updater(db, addresses=sites.addresses(), show=told, patience=patience)
    assert updater.update(["kev"]) == ()
    assert [int(seconds) for seconds in waits] == [7]
    assert "limits how often it may be asked" in told.notes[0]


def test_a_folder_that_cannot_be_written_is_a_gap(sites: Upstreams, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    [gap] = Updater(tmp_path / "file", addresses=sites.addresses()).update(["kev"])
    assert gap.kind is GapKind.NOT_COVERED
    assert "cannot be written" in str(gap)
    assert "--db" in str(gap)


def test_an_upstream_that_is_not_configured_has_to_be_https(db: Path) -> None:
    with pytest.raises(Misused, match="is not an https:// address"):
        Updater(db, addresses={"kev": "ftp://mirror.example/kev.json"}).update(["kev"])


def test_a_second_process_waits_and_finds_what_the_first_brought(
    sites: Upstreams, db: Path
) -> None:
    told = Notes()
    first = Updater(db, addresses=sites.addresses())
    first.update(["kev"])
    make_older(db, "kev", timedelta(days=1))
    sites.put("kev", kev(["CVE-2021-1"]))
    sites.asked()
    sites.proxy.add(KEV, held(told.noted))
    second = Updater(db, addresses=sites.addresses(), show=told)
    thread = threading.Thread(target=first.update, args=(["kev"],))
    thread.start()
    while not sites.proxy.paths(KEV):
        time.sleep(0.01)
    assert second.update(["kev"]) == ()
    thread.join()
    assert sites.asked_paths() == [KEV]
    assert told.notes == [f"waiting for another update of {db}"]


def test_what_still_arrives_when_an_update_ends_is_stopped(sites: Upstreams, db: Path) -> None:
    sites.put("debian", b" " * 10_000_000)
    sites.proxy.add(TRACKER, slow(0.1))
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        Updater(db, addresses=sites.addresses(), show=Interrupting()).update(["kev", "debian"])
    assert time.monotonic() - began < 5  # all of it would take 15 s
    assert "debian.data.part" in left(db)


def test_the_same_upstream_gives_the_same_bytes(updater: Updater, db: Path) -> None:
    updater.update(["debian", "pypi"])
    shutil.rmtree(db / "fetched")
    before = {path: path.read_bytes() for path in sorted(db.glob("*/*.db"))}
    assert len(before) == 4
    shutil.rmtree(db / "match")
    updater.update(["debian", "pypi"])
    assert {path: path.read_bytes() for path in sorted(db.glob("*/*.db"))} == before


class Notes:
    """Keeps what is told."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.noted = threading.Event()

    def advance(self, key: str, description: str, done: int, total: int | None) -> None:
        """Show no progress."""

    def finish(self, key: str) -> None:
        """Show no end of it."""

    def note(self, text: str) -> None:
        """Keep it."""
        self.notes.append(text)
        self.noted.set()


class Interrupting(Notes):
    """Presses Ctrl-C when the first file has arrived."""

    def finish(self, key: str) -> None:
        """Press it."""
        if key == "kev":
            time.sleep(0.5)
            raise KeyboardInterrupt
