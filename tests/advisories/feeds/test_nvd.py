"""NVD's feeds: who rated a CVE how, read one record at a time."""

import json
from typing import Any

import pytest
from hypothesis import given

from feed_rows import damaged, is_refused_politely, rows
from hullguard.advisories.feed import Rated, Row, Stamp
from hullguard.advisories.feeds import nvd
from hullguard.model import Gap, Malformed, Score, Severity

CVE: dict[str, Any] = {
    "id": "CVE-2021-44228",
    "sourceIdentifier": "security@apache.org",
    "published": "2021-12-10T10:15:09.143",
    "lastModified": "2025-02-04T15:15:13.773",
    "vulnStatus": "Analyzed",
    "descriptions": [{"lang": "en", "value": 'Log4j, see {"cve": 1} in ${jndi:...}'}],
    "metrics": {
        "cvssMetricV31": [
            {
                "source": "134c704f-9b21-4f2e-91b3-4a467353bcc0",
                "type": "Secondary",
                "cvssData": {
                    "version": "3.1",
                    "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
                    "baseScore": 10.0,
                    "baseSeverity": "CRITICAL",
                },
            }
        ],
        "cvssMetricV2": [
            {
                "source": "nvd@nist.gov",
                "type": "Primary",
                "cvssData": {"vectorString": "AV:N/AC:M/Au:N/C:C/I:C/A:C", "baseScore": 9.3},
                "baseSeverity": "HIGH",
            }
        ],
        "ssvcV203": [
            {
                "source": "134c704f-9b21-4f2e-91b3-4a467353bcc0",
                "ssvcData": {
                    "id": "CVE-2021-44228",
                    "options": [{"exploitation": "active"}, {"automatable": "yes"}],
                },
            }
        ],
    },
    "weaknesses": [
        {"description": [{"lang": "en", "value": "CWE-20"}, {"lang": "en", "value": "CWE-502"}]},
        {"description": [{"lang": "en", "value": "NVD-CWE-noinfo"}]},
    ],
}


def feed(*cves: object, indent: int | None = None, **more: object) -> bytes:
    head = {"resultsPerPage": 1, "format": "NVD_CVE", "version": "2.0"}
    items = [{"cve": cve} for cve in cves]
    document = head | {"timestamp": "2026-11-23T03:00:00.5"} | more | {"vulnerabilities": items}
    return json.dumps(document, indent=indent).encode()


def rated(data: bytes) -> list[Row]:
    stamp, *others = rows(nvd, data)
    assert stamp == Stamp("2026-11-23T03:00:00.5Z")
    return others


def test_every_source_of_a_rating_is_kept_under_its_name() -> None:
    [row] = rated(feed(CVE))
    assert isinstance(row, Rated)
    assert row.scores == (
        Score(
            source="cisa-adp",
            vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
            score=10.0,
            severity=Severity.CRITICAL,
        ),
        Score(source="nvd", vector="AV:N/AC:M/Au:N/C:C/I:C/A:C", score=9.3, severity=Severity.HIGH),
    )


def test_a_cve_tells_weaknesses_decision_points_and_dates() -> None:
    [row] = rated(feed(CVE))
    assert isinstance(row, Rated)
    assert (row.cve, row.rejected) == ("CVE-2021-44228", False)
    assert row.cwes == ("CWE-20", "CWE-502")
    assert row.ssvc == {"exploitation": "active", "automatable": "yes"}
    assert (row.published, row.modified) == ("2021-12-10T10:15:09.143Z", "2025-02-04T15:15:13.773Z")


def test_a_cve_that_nobody_rated_has_no_scores() -> None:
    [row] = rated(feed({"id": "CVE-2026-1", "metrics": {}}))
    assert row == Rated(cve="CVE-2026-1")


def test_a_rejected_cve_says_so() -> None:
    [row] = rated(feed({"id": "CVE-2026-1", "vulnStatus": "Rejected"}))
    assert row == Rated(cve="CVE-2026-1", rejected=True)


@pytest.mark.parametrize("indent", [None, 2])
def test_records_are_cut_apart_however_the_file_is_laid_out(indent: int | None) -> None:
    others = rated(feed(CVE, {"id": "CVE-2026-1"}, CVE | {"id": "CVE-2026-2"}, indent=indent))
    assert [row.cve for row in others if isinstance(row, Rated)] == [
        "CVE-2021-44228",
        "CVE-2026-1",
        "CVE-2026-2",
    ]


def test_a_broken_record_is_a_gap_and_the_next_is_read() -> None:
    gap, row = rated(feed({"id": 7}, {"id": "CVE-2026-1"}))
    assert isinstance(gap, Gap)
    assert gap.where == "feed, record 1"
    assert row == Rated(cve="CVE-2026-1")


def test_a_feed_that_stops_early_is_refused_at_its_end() -> None:
    with pytest.raises(Malformed, match="feed, record 2: cannot be understood"):
        rows(nvd, feed(CVE, {"id": "CVE-2026-1"})[:-4])


@pytest.mark.parametrize("data", [b"", b"{}", b'{"vulnerabilities": []}', b'[{"cve": {}}]'])
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        rows(nvd, data)


def test_an_empty_feed_has_only_a_date() -> None:
    assert rated(feed()) == []


def test_a_feed_is_known_by_the_name_of_its_format() -> None:
    assert nvd.recognises("x", feed(CVE)[:200])
    assert not nvd.recognises("nvdcve-2.0-2021.json", b'{"format": "MITRE", "version": "4"}')


@given(damaged(feed(CVE, {"id": "CVE-2026-1"})))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(nvd, data)
