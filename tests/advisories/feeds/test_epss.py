"""EPSS: the date in the comment, the columns, and the lines."""

import pytest
from hypothesis import given

from feed_rows import damaged, is_refused_politely, rows
from hullguard.advisories.feed import Likelihood, Stamp
from hullguard.advisories.feeds import epss
from hullguard.model import Gap, Malformed

COMMENT = b"#model_version:v2025.03.14,score_date:2026-11-23T12:55:00Z\n"
COLUMNS = b"cve,epss,percentile\n"
LINE = b"CVE-1999-0001,0.00383,0.73075\n"


def test_scores_come_with_the_day_they_are_of() -> None:
    assert rows(epss, COMMENT + COLUMNS + LINE) == [
        Stamp("2026-11-23T12:55:00Z"),
        Likelihood(cve="CVE-1999-0001", epss=0.00383, percentile=0.73075),
    ]


def test_a_missing_date_is_said_and_the_scores_are_read() -> None:
    gap, row = rows(epss, COLUMNS + LINE)
    assert gap == Gap("feed", "does not say of which day its scores are")
    assert isinstance(row, Likelihood)


@pytest.mark.parametrize(
    "line",
    [
        b"CVE-1999-0002,0.1\n",
        b"CVE-1999-0002,0.1,0.2,0.3\n",
        b"CVE-1999-0002,high,0.2\n",
        b"CVE-1999-0002,1.1,0.2\n",
        b"CVE-1999-0002,nan,0.2\n",
        b"GHSA-1,0.1,0.2\n",
        b"\n",
    ],
)
def test_a_broken_line_is_a_gap_and_the_next_is_read(line: bytes) -> None:
    _, gap, row = rows(epss, COMMENT + COLUMNS + line + LINE)
    assert gap == Gap("feed, line 3", "is no CVE with two numbers from 0 to 1")
    assert isinstance(row, Likelihood)


def test_other_columns_are_refused() -> None:
    with pytest.raises(Malformed, match="should have the columns cve,epss,percentile, has invalid"):
        rows(epss, COMMENT + b"invalid,header,format\n" + LINE)


def test_the_file_is_known_by_its_comment_or_columns() -> None:
    assert epss.recognises("x", COMMENT)
    assert epss.recognises("x", COLUMNS)
    assert not epss.recognises("epss.csv", LINE)


@given(damaged(COMMENT + COLUMNS + LINE * 2))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(epss, data)
