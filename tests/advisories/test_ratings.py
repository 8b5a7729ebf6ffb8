"""How bad a flaw is, and who is asked first."""

import pytest

from hullguard.advisories.entry import Entry
from hullguard.advisories.feed import Rated
from hullguard.advisories.ratings import opinion
from hullguard.model import Score, Severity, Status

CRITICAL, HIGH, MEDIUM, LOW = Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW
UNKNOWN = Severity.UNKNOWN


def entry(id_: str, word: Severity = UNKNOWN, *scores: Score, source: str = "debian") -> Entry:
    ratings = tuple((s.source, s.vector, s.score, s.severity) for s in scores)
    return Entry(id_, source, Status.FIXED, severity=word, ratings=ratings)


def score(source: str, severity: Severity, vector: str = "CVSS:3.1/AV:N") -> Score:
    return Score(source=source, vector=vector, score=5.0, severity=severity)


def rated(*scores: Score) -> Rated:
    return Rated(cve="CVE-2020-1000", scores=scores)


def told(entries: list[Entry], known: Rated | None = None) -> tuple[Severity, str]:
    held = opinion(entries, known)
    return held.severity, held.source


def test_the_own_word_of_the_source_that_matched_counts_before_every_score() -> None:
    own = entry("CVE-2020-1000", LOW)
    assert told([own], rated(score("nvd", CRITICAL))) == (LOW, "debian")


def test_a_score_in_the_record_counts_before_those_of_others() -> None:
    own = entry("PYSEC-1", UNKNOWN, score("pypa", MEDIUM), source="osv-pypi")
    assert told([own], rated(score("nvd", CRITICAL))) == (MEDIUM, "pypa")


def test_of_several_records_githubs_is_asked_first() -> None:
    pysec = entry("PYSEC-1", LOW, source="osv-pypi")
    assert told([pysec, entry("GHSA-a", HIGH, source="osv-pypi")]) == (HIGH, "ghsa")
    assert told([pysec, entry("GHSA-a", source="osv-pypi")]) == (LOW, "pypi")


def test_where_the_source_does_not_rate_github_is_asked_then_nvd_then_the_worst_of_the_rest() -> (
    None
):
    silent = entry("CVE-2020-1000")
    github = score("security-advisories@github.com", HIGH)
    nvd, adp, vendor = score("nvd", MEDIUM), score("cisa-adp", CRITICAL), score("acme", LOW)
    assert told([silent], rated(vendor, adp, nvd, github)) == (HIGH, "ghsa")
    assert told([silent], rated(vendor, adp, nvd)) == (MEDIUM, "nvd")
    assert told([silent], rated(vendor, adp)) == (CRITICAL, "cisa-adp")


def test_of_one_source_the_newest_version_of_cvss_counts() -> None:
    second, third, fourth = (
        score("nvd", HIGH, "AV:N/AC:L"),
        score("nvd", MEDIUM, "CVSS:3.0/AV:N"),
        score("nvd", LOW, "CVSS:4.0/AV:N"),
    )
    assert told([entry("X-1")], rated(second, third, fourth)) == (LOW, "nvd")
    assert told([entry("X-1")], rated(second, third)) == (MEDIUM, "nvd")


@pytest.mark.parametrize("known", [None, rated()])
def test_what_nobody_rated_is_unknown(known: Rated | None) -> None:
    assert told([entry("X-1")], known) == (UNKNOWN, "")


def test_every_score_is_kept_once() -> None:
    own, other = score("pypa", MEDIUM), score("nvd", HIGH)
    held = opinion([entry("PYSEC-1", UNKNOWN, own), entry("GHSA-a", LOW, own)], rated(other, own))
    assert held.scores == (own, other)
