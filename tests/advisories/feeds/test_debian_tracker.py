"""Debian's tracker: statuses, urgencies and reasons, joined by flaw."""

import json
from typing import Any

import pytest
from hypothesis import given

from feed_rows import advisories, damaged, gaps, is_refused_politely, rows
from hullguard.advisories.feeds import debian_tracker
from hullguard.model import Advisory, Affected, Gap, Malformed, Range, Severity, Status

RESOLVED = {
    "status": "resolved",
    "repositories": {"bookworm": "3.0.11-1~deb12u2"},
    "fixed_version": "3.0.11-1~deb12u1",
    "urgency": "not yet assigned",
}
OPEN = {"status": "open", "repositories": {"bookworm": "1.0-1"}, "urgency": "not yet assigned"}


def tracker(**sources: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps(sources).encode()


def flaw(**releases: object) -> dict[str, object]:
    return {"description": "Reads too far.", "scope": "remote", "releases": releases}


def only(release: object, codename: str = "bookworm") -> Affected:
    data = tracker(openssl={"CVE-2023-5678": flaw(**{codename: release})})
    [advisory] = advisories(debian_tracker, data)
    [affected] = advisory.affected
    return affected


def test_a_flaw_in_several_sources_and_releases_is_one_advisory() -> None:
    data = tracker(
        openssl={"CVE-2023-5678": flaw(bookworm=RESOLVED, sid=OPEN)},
        edk2={"CVE-2023-5678": flaw(bookworm=OPEN), "CVE-2023-1": flaw(bookworm=OPEN)},
    )
    both, other = advisories(debian_tracker, data)
    assert (both.id, both.source, both.text) == ("CVE-2023-5678", "debian", "Reads too far.")
    assert [(row.ecosystem, row.name) for row in both.affected] == [
        ("debian:12", "openssl"),
        ("debian:sid", "openssl"),
        ("debian:12", "edk2"),
    ]
    assert other.id == "CVE-2023-1"


def test_resolved_means_fixed_in_a_version() -> None:
    assert only(RESOLVED) == Affected(
        ecosystem="debian:12",
        name="openssl",
        status=Status.FIXED,
        ranges=(Range(fixed="3.0.11-1~deb12u1"),),
    )


def test_fixed_in_version_0_means_never_affected() -> None:
    assert only(RESOLVED | {"fixed_version": "0"}).status is Status.NOT_AFFECTED


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, Status.AFFECTED),
        ({"status": "undetermined"}, Status.UNDER_INVESTIGATION),
        ({"nodsa": "Minor issue", "nodsa_reason": ""}, Status.AFFECTED),
        ({"nodsa": "Minor issue", "nodsa_reason": "ignored"}, Status.WONT_FIX),
        ({"nodsa": "Minor issue", "nodsa_reason": "postponed"}, Status.FIX_DEFERRED),
        ({"urgency": "end-of-life"}, Status.END_OF_LIFE),
        ({"status": "something new"}, Status.UNKNOWN),
    ],
)
def test_without_a_fix_the_status_says_why(changes: dict[str, str], status: Status) -> None:
    affected = only(OPEN | changes)
    assert (affected.status, affected.ranges) == (status, ())
    assert affected.note == changes.get("nodsa", "")


def test_a_fixed_version_outdoes_a_stale_reason_for_having_none() -> None:
    affected = only(RESOLVED | {"nodsa": "Minor issue", "nodsa_reason": "postponed"})
    assert affected.status is Status.FIXED


@pytest.mark.parametrize(
    ("urgency", "severity"),
    [
        ("unimportant", Severity.INFO),
        ("low", Severity.LOW),
        ("medium**", Severity.MEDIUM),
        ("high**", Severity.HIGH),
        ("not yet assigned", Severity.UNKNOWN),
    ],
)
def test_urgency_is_debians_word_for_severity(urgency: str, severity: Severity) -> None:
    assert only(OPEN | {"urgency": urgency}).severity is severity


def test_temporary_names_are_kept() -> None:
    data = tracker(rpm={"TEMP-0290435-0B57B5": flaw(bookworm=OPEN)})
    assert advisories(debian_tracker, data)[0].id == "TEMP-0290435-0B57B5"


def test_an_unheard_of_release_is_one_gap_however_often_it_comes() -> None:
    data = tracker(a={"CVE-1": flaw(zurg=OPEN), "CVE-2": flaw(zurg=OPEN, bookworm=OPEN)})
    assert gaps(debian_tracker, data) == [
        Gap("feed", "speaks of a release 'zurg' that is unheard of here")
    ]


def test_a_flaw_without_releases_affects_nothing() -> None:
    [advisory] = advisories(debian_tracker, tracker(a={"CVE-1": {"releases": []}}))
    assert advisory.affected == ()


def test_what_is_broken_is_a_gap_and_the_rest_is_read() -> None:
    data = tracker(a=[], b={"CVE-1": {"releases": 7}, "CVE-2": flaw(bookworm=OPEN)})
    source, entry, empty, good = rows(debian_tracker, data)
    assert isinstance(source, Gap)
    assert source.where == "feed, a"
    assert isinstance(entry, Gap)
    assert entry.where == "feed, CVE-1 in b"
    assert isinstance(empty, Advisory)
    assert isinstance(good, Advisory)
    assert good.id == "CVE-2"


def test_half_a_document_is_refused() -> None:
    with pytest.raises(Malformed, match="cannot be understood"):
        rows(debian_tracker, tracker(a={"CVE-1": flaw(bookworm=OPEN)})[:-3])


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (tracker(openssl={"CVE-2023-5678": flaw(sid=OPEN)})[:150], True),
        (tracker(rpm={"TEMP-1-1": flaw(sid=OPEN)}), True),
        (tracker(nginx={"CVE-2021-3618": {"fixed_version": "1.2"}}), False),
        (b"{}", False),
    ],
)
def test_the_file_is_known_by_a_package_with_a_flaw_with_releases(
    head: bytes,
    known: bool,  # noqa: FBT001 - a column
) -> None:
    assert debian_tracker.recognises("json", head) is known


@given(damaged(tracker(a={"CVE-1": flaw(bookworm=RESOLVED, sid=OPEN)}, b={"CVE-1": flaw()})))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    assert is_refused_politely(debian_tracker, data)
