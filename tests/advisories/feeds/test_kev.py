"""CISA's catalogue: its date, its entries, and what becomes of a broken one."""

import json
from typing import Any

import pytest
from hypothesis import given

from feed_rows import damaged, is_refused_politely, rows
from hullguard.advisories.feed import Exploited, Stamp
from hullguard.advisories.feeds import kev
from hullguard.model import Gap, Malformed

ENTRY = {
    "cveID": "CVE-2021-44228",
    "vendorProject": "Apache",
    "product": "Log4j2",
    "dateAdded": "2021-12-10",
    "dueDate": "2021-12-24",
    "knownRansomwareCampaignUse": "Known",
    "cwes": ["CWE-20"],
}
CATALOGUE: dict[str, Any] = {
    "title": "CISA Catalog of Known Exploited Vulnerabilities",
    "catalogVersion": "2025.08.25",
    "dateReleased": "2025-08-25T17:04:19.9796Z",
    "count": 1,
    "vulnerabilities": [ENTRY],
}


def catalogue(*entries: object) -> bytes:
    return json.dumps(CATALOGUE | {"vulnerabilities": entries}).encode()


def test_an_entry_tells_since_when_until_when_and_whether_for_ransom() -> None:
    assert rows(kev, catalogue(ENTRY)) == [
        Stamp("2025-08-25T17:04:19.9796Z"),
        Exploited(cve="CVE-2021-44228", added="2021-12-10", due="2021-12-24", ransomware=True),
    ]


def test_ransomware_is_known_only_where_it_says_so() -> None:
    _, row = rows(kev, catalogue(ENTRY | {"knownRansomwareCampaignUse": "Unknown"}))
    assert isinstance(row, Exploited)
    assert not row.ransomware


def test_a_broken_entry_is_a_gap_and_the_next_is_read() -> None:
    _, gap, row = rows(kev, catalogue({"dateAdded": "2021-12-10"}, ENTRY))
    assert gap == Gap(
        "feed, entry 1", "cannot be understood: Object missing required field `cveID`"
    )
    assert isinstance(row, Exploited)


@pytest.mark.parametrize("name", ["", "cve-2021-1", "CVE-2021-1\\n", "CVE-2021-1 "])
def test_an_entry_of_no_cve_is_a_gap(name: str) -> None:
    _, gap = rows(kev, catalogue(ENTRY | {"cveID": name}))
    assert isinstance(gap, Gap)


def test_a_document_without_a_date_is_refused() -> None:
    with pytest.raises(Malformed, match="missing required field `dateReleased`"):
        rows(kev, b'{"vulnerabilities": []}')


def test_the_catalogue_is_known_by_its_keys() -> None:
    assert kev.recognises("x", catalogue(ENTRY))
    assert not kev.recognises("known_exploited_vulnerabilities.json", b'{"count": 1}')


@given(damaged(catalogue(ENTRY)))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(kev, data)
