"""Shards about CVEs as such."""

import sqlite3
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.advisories.aliases import cve_number
from hullguard.advisories.feed import Exploited, Likelihood, Rated
from hullguard.advisories.marks import (
    by_year,
    fill_epss,
    fill_kev,
    fill_ratings,
    rating_year,
    read_epss,
    read_kev,
    read_ratings,
)
from hullguard.model import Score, Severity

LOG4SHELL = 2021 << 32 | 44228


@pytest.fixture
def shard() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def test_an_exploited_cve_is_found_by_its_number(shard: sqlite3.Connection) -> None:
    row = Exploited(cve="CVE-2021-44228", added="2021-12-10", due="2021-12-24", ransomware=True)
    fill_kev(shard, [row, Exploited(cve="nonsense", added="")])
    assert read_kev(shard, [LOG4SHELL, 1]) == {LOG4SHELL: row}


def test_likelihoods_keep_the_five_decimals_that_are_published(shard: sqlite3.Connection) -> None:
    row = Likelihood(cve="CVE-1999-0001", epss=0.94358, percentile=0.99961)
    fill_epss(shard, [row])
    assert read_epss(shard, [1999 << 32 | 1]) == {1999 << 32 | 1: row}


def test_a_rating_keeps_every_score_and_an_unrated_cve_is_there_without_any(
    shard: sqlite3.Connection,
) -> None:
    score = Score(source="nvd", vector="CVSS:3.1/AV:N", score=10.0, severity=Severity.CRITICAL)
    rated = Rated(
        cve="CVE-2021-44228",
        scores=(score,),
        cwes=("CWE-502",),
        ssvc={"exploitation": "active"},
        published="2021-12-10T10:15:09Z",
        modified="2023-11-07T03:39:36Z",
    )
    unrated = Rated(cve="CVE-2021-50000", rejected=True)
    fill_ratings(shard, [unrated, rated])
    assert list(read_ratings(shard).values()) == [rated, unrated]
    assert read_ratings(shard, [LOG4SHELL, LOG4SHELL + 1]) == {LOG4SHELL: rated}


def test_one_cve_written_in_two_ways_is_one_row(shard: sqlite3.Connection) -> None:
    fill_kev(
        shard,
        [Exploited(cve="CVE-2021-0001", added="a"), Exploited(cve="CVE-2021-00001", added="b")],
    )
    assert read_kev(shard, [2021 << 32 | 1])[2021 << 32 | 1].added == "b"


def test_the_oldest_year_holds_everything_before_it() -> None:
    rows = [Rated(cve="CVE-1999-0001"), Rated(cve="CVE-2002-0001"), Rated(cve="CVE-2024-0001")]
    years = by_year([*rows, Rated(cve="nonsense")])
    assert {year: len(some) for year, some in years.items()} == {2002: 2, 2024: 1}
    assert rating_year(1999 << 32 | 1) == 2002


@given(st.integers(1999, 2100), st.integers(1, 999_999_999))
def test_numbers_sort_as_cves_do_and_lead_back_to_them(year: int, number: int) -> None:
    name = f"CVE-{year}-{number:04}"
    cve = cve_number(name)
    assert cve is not None
    connection = sqlite3.connect(":memory:")
    fill_kev(connection, [Exploited(cve=name, added="")])
    assert read_kev(connection, [cve])[cve].cve == name
    connection.close()
