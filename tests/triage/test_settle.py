"""Exceptions applied: what they cover, what they leave alone, and what is said about them."""

from datetime import date

import pytest

from hullguard.model import Finding, FindingException, State, Status
from hullguard.triage.settle import settle
from triage.findings import OPENSSL, misconfiguration, vulnerability

TODAY = date(2026, 6, 15)


def exception(match: dict[str, str], **more: str) -> FindingException:
    return FindingException(match=match, **{"kind": "false_positive", "reason": "not used", **more})


def covered(finding: Finding, **match: str) -> bool:
    [settled] = settle([finding], [exception(match)], TODAY).findings
    return settled.state is State.EXCEPTED


@pytest.mark.parametrize(
    "match",
    [
        {"rule": "CVE-2021-23337"},
        {"rule": "GHSA-35jh-r3h4-6jhm"},
        {"rule": "CVE-2021-*"},
        {"package": "lodash"},
        {"package": "lo*", "version": "4.17.*", "type": "npm"},
        {"purl": "pkg:npm/lodash"},
        {"purl": "pkg:npm/lodash@4.17.4"},
        {"purl": "pkg:npm/lod*@4.*"},
        {"path": "srv/app/**"},
        {"asset": "sha256:c0ffee"},
        {"asset": "registry.example/shop/cart:1.4"},
        {"asset": "registry.example/shop/cart"},
        {"asset": "*/shop/*"},
        {"status": "fixed"},
        {"environment": "test"},
    ],
)
def test_an_exception_covers_what_all_of_its_patterns_mean(match: dict[str, str]) -> None:
    assert covered(vulnerability(), **match)


@pytest.mark.parametrize(
    "match",
    [
        {"rule": "cve-2021-23337"},
        {"rule": "CVE-2021-23337", "package": "underscore"},
        {"purl": "pkg:npm/lodash@4.17.5"},
        {"purl": "pkg:npm/lodash?arch=amd64"},
        {"purl": "pkg:npm/lodash.merge"},
        {"path": "srv/*"},
        {"asset": "shop/cart"},
        {"status": "affected"},
        {"environment": "production"},
        {"environment": ""},
        {"shape": "round"},
        {},
    ],
)
def test_an_exception_covers_nothing_else(match: dict[str, str]) -> None:
    assert not covered(vulnerability(), **match)


def test_a_purl_matches_whatever_its_spelling_and_only_the_qualifiers_it_names() -> None:
    finding = vulnerability(package=OPENSSL)
    assert covered(finding, purl="pkg:deb/debian/openssl@1.1.1n-0+deb11u3?arch=amd64")
    assert not covered(finding, purl="pkg:deb/debian/openssl?arch=arm64")


def test_a_check_is_excepted_by_rule_and_by_where_it_looked() -> None:
    assert covered(misconfiguration(), rule="KP-IMG-*", path="config/User")
    assert not covered(misconfiguration(), package="*")


def test_an_excepted_finding_says_why_who_and_until_when() -> None:
    signed = exception({"rule": "*"}, reason="behind a proxy", author="ann", expires="2026-06-15")
    [finding] = settle([vulnerability()], [signed], TODAY).findings
    assert finding.exception == "behind a proxy (ann, until 2026-06-15)"


def test_a_reason_alone_stands_without_brackets() -> None:
    [finding] = settle([vulnerability()], [exception({"rule": "*"})], TODAY).findings
    assert finding.exception == "not used"


def test_an_exception_that_has_expired_does_not_apply_and_is_told() -> None:
    over = exception({"rule": "CVE-2021-23337"}, expires="2026-06-14", origin="e.yaml, line 3")
    settled = settle([vulnerability()], [over], TODAY)
    assert settled.findings == (vulnerability(),)
    [note] = settled.notes
    assert note.startswith("e.yaml, line 3: the exception for CVE-2021-23337 has expired")


def test_an_exception_that_matches_nothing_is_told() -> None:
    unused = exception({"rule": "CVE-1999-0001", "package": "x"}, origin="e.yaml, line 1")
    assert settle([vulnerability()], [unused], TODAY).notes == (
        "e.yaml, line 1: the exception for CVE-1999-0001 x matches nothing",
    )


def test_an_entry_is_used_when_one_of_its_exceptions_is() -> None:
    entry = [exception({"purl": purl}, origin="e, line 1") for purl in ("pkg:npm/x", "pkg:npm/lo*")]
    assert settle([vulnerability()], entry, TODAY).notes == ()


def test_many_unused_exceptions_are_counted() -> None:
    unused = [exception({"rule": f"CVE-1999-{number}"}) for number in range(500)]
    notes = settle([], unused, TODAY).notes
    assert len(notes) == 11
    assert notes[-1] == "490 more exceptions match nothing"


def test_the_first_exception_is_shown_and_all_that_match_are_used() -> None:
    both = [exception({"package": "lodash"}, reason="first"), exception({"rule": "CVE-2021-23337"})]
    settled = settle([vulnerability()], both, TODAY)
    assert (settled.findings[0].exception, settled.notes) == ("first", ())


@pytest.mark.parametrize("state", [each for each in State if each is not State.OPEN])
def test_a_finding_that_is_not_open_stays_as_it_is(state: State) -> None:
    finding = vulnerability(state=state)
    assert settle([finding], [exception({"rule": "*"})], TODAY).findings == (finding,)


def test_no_finding_is_dropped_and_their_order_is_kept() -> None:
    findings = [misconfiguration(), vulnerability(), vulnerability(status=Status.AFFECTED)]
    settled = settle(findings, [exception({"status": "affected"})], TODAY)
    assert [finding.state for finding in settled.findings] == [
        State.OPEN,
        State.OPEN,
        State.EXCEPTED,
    ]
