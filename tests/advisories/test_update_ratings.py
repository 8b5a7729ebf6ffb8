"""Keeping the ratings of CVEs current: whole years at first, then only what has changed."""

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fault_proxy import ALWAYS, replying
from hullguard.advisories.aliases import cve_number
from hullguard.advisories.dates import instant_of
from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.marks import read_ratings
from hullguard.advisories.presence import years_here
from hullguard.advisories.shard import match_path, open_shard
from hullguard.advisories.update import Updater
from hullguard.model import GapKind, Misused
from hullguard.transport.retry import Patience
from upstreams import Upstreams, fill, nvd, upstreams

NVD = "/nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-"


@pytest.fixture
def sites() -> Iterator[Upstreams]:
    with upstreams() as sites:
        fill(sites)
        yield sites


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def updater(sites: Upstreams, db: Path) -> Updater:
    return Updater(db, addresses=sites.addresses(), patience=Patience(sleep=lambda _: None))


def asked(sites: Upstreams) -> list[str]:
    """Return which feeds were asked for; those under a condition with a question mark."""
    return [
        seen.path.removeprefix(NVD).removesuffix(".json.gz")
        + ("?" if "if-none-match" in seen.headers else "")
        for seen in sites.asked()
    ]


def score(db: Path, cve: str) -> float | None:
    shard = open_shard(match_path(db, f"cve-{cve[4:8]}"))
    number = cve_number(cve)
    assert shard
    assert number
    with closing(shard):
        return read_ratings(shard, [number])[number].scores[0].score


def make_older(db: Path, days: int, *years: int) -> None:
    for year in years:
        path = db / "fetched" / f"cve-{year}.json"
        note = json.loads(path.read_text())
        note["at"] = instant_of(datetime.now(UTC) - timedelta(days=days))
        path.write_text(json.dumps(note))


def age(db: Path, year: int) -> timedelta:
    note = read_fetched(db, f"cve-{year}")
    assert note
    return datetime.now(UTC) - datetime.fromisoformat(note.at)


def test_only_the_years_that_are_wanted_are_fetched(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    assert updater.update_years([2022, 2024]) == ()
    assert sorted(asked(sites)) == ["2022", "2024"]
    assert years_here(db) == (2024, 2022)
    assert score(db, "CVE-2024-0001") == 9.8


def test_no_years_need_no_request_and_no_folder(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    assert updater.update_years([]) == ()
    assert asked(sites) == []
    assert list(db.iterdir()) == []


def test_a_year_of_this_week_is_kept_current_by_what_has_changed(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update_years([2024, 2023])
    make_older(db, 2, 2024, 2023)
    asked(sites)
    assert updater.update_years([2024]) == ()
    assert asked(sites) == ["modified"]
    assert (score(db, "CVE-2024-0001"), score(db, "CVE-2023-0001")) == (5.0, 9.8)
    assert max(age(db, 2024), age(db, 2023)) < timedelta(minutes=1)
    updater.update_years([2024])
    assert asked(sites) == ["modified?"]


def test_an_older_year_is_fetched_whole_if_it_has_changed(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update_years([2024, 2023])
    make_older(db, 8, 2024, 2023)
    sites.put("cve", nvd({"CVE-2024-0001": 7.5}), year="2024")
    asked(sites)
    assert updater.update_years([2024, 2023]) == ()
    assert sorted(asked(sites)) == ["2023?", "2024?"]
    assert (score(db, "CVE-2024-0001"), score(db, "CVE-2023-0001")) == (7.5, 9.8)
    assert age(db, 2023) < timedelta(minutes=1)


def test_changes_reach_a_year_too_that_came_after_them(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update_years([2023])
    updater.update_years([2023])
    updater.update_years([2024])
    asked(sites)
    assert updater.update_years([2024]) == ()
    assert asked(sites) == ["modified"]
    assert score(db, "CVE-2024-0001") == 5.0


def test_changes_do_not_make_an_older_year_look_current(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update_years([2024, 2023])
    make_older(db, 30, 2023)
    asked(sites)
    updater.update_years([2024])
    assert asked(sites) == ["modified"]
    assert age(db, 2023) > timedelta(days=29)


def test_a_year_of_which_only_changes_are_here_is_fetched_whole(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update_years([2024])
    match_path(db, "cve-2024").unlink()
    asked(sites)
    updater.update_years([2024])
    assert asked(sites) == ["2024"]


def test_scores_that_cannot_be_had_are_a_gap(sites: Upstreams, updater: Updater, db: Path) -> None:
    sites.proxy.add("2024.json.gz", replying(503), ALWAYS)
    [gap] = updater.update_years([2024, 2023])
    assert gap.kind is GapKind.UNRATED
    assert gap.where == "scores of 2024"
    assert years_here(db) == (2023,)


def test_scores_that_cannot_be_renewed_stay(sites: Upstreams, updater: Updater, db: Path) -> None:
    updater.update_years([2024])
    sites.proxy.add("modified.json.gz", replying(404), ALWAYS)
    [gap] = updater.update_years([2024])
    assert gap.kind is GapKind.OUTDATED
    assert score(db, "CVE-2024-0001") == 9.8


@pytest.mark.parametrize("year", [1999, 9999])
def test_years_that_cannot_have_a_feed_are_not_asked_for(
    sites: Upstreams, updater: Updater, year: int
) -> None:
    assert updater.update_years([year]) == ()
    assert asked(sites) == []


def test_the_family_stands_for_the_years_that_are_here(
    sites: Upstreams, updater: Updater, db: Path
) -> None:
    updater.update(["cve:2024"])
    make_older(db, 10, 2024)
    asked(sites)
    assert updater.update(["cve"]) == ()
    assert asked(sites) == ["2024?"]


def test_the_family_alone_cannot_tell_which_years_are_wanted(updater: Updater) -> None:
    with pytest.raises(Misused, match=r"cve:2024"):
        updater.update(["cve"])
