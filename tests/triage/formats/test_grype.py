"""Grype's ignore rules: what they cover, and which are not applied."""

from datetime import date
from pathlib import Path

import pytest

from hullguard.model import Finding, Malformed, Package, State, Status
from hullguard.triage.exception_list import ExceptionList
from hullguard.triage.exceptions import read_exceptions
from hullguard.triage.settle import settle
from triage.findings import LODASH, OPENSSL, vulnerability

TODAY = date(2026, 6, 15)
LOG4J = Package(type="maven", name="org.apache.logging.log4j:log4j-core", version="2.14.1")


def read(rule: str) -> ExceptionList:
    return read_exceptions(Path(".grype.yaml"), f"ignore:\n- {rule}\n".encode(), TODAY)


def covered(rule: str, finding: Finding) -> bool:
    [settled] = settle([finding], read(rule).exceptions, TODAY).findings
    return settled.state is State.EXCEPTED


@pytest.mark.parametrize(
    ("rule", "package"),
    [
        ("vulnerability: CVE-2021-23337", LODASH),
        ("{vulnerability: GHSA-35jh-r3h4-6jhm, include-aliases: true, reason: r}", LODASH),
        ("package: {name: lodash, version: 4.17.4, type: npm}", LODASH),
        ("package: {location: '/srv/app/node_modules/**'}", LODASH),
        ("package: {name: log4j-core, type: java-archive}", LOG4J),
        ("{fix-state: fixed, vulnerability: ''}", OPENSSL),
        ("{package: {type: deb}, fix-state: fixed}", OPENSSL),
    ],
)
def test_a_rule_covers_what_all_of_its_fields_mean(rule: str, package: Package) -> None:
    assert covered(rule, vulnerability(package=package))


@pytest.mark.parametrize(
    "rule",
    [
        "{vulnerability: CVE-2021-23337, package: {version: 4.17.5}}",
        "{vulnerability: CVE-2021-*}",
        "package: {type: deb}",
        "package: {name: dash}",
        "fix-state: not-fixed",
        "package: {location: '/srv/*'}",
    ],
)
def test_a_rule_covers_nothing_else(rule: str) -> None:
    assert not covered(rule, vulnerability())


def test_not_fixed_is_affected_or_deferred() -> None:
    rule = "fix-state: not-fixed"
    assert covered(rule, vulnerability(status=Status.AFFECTED))
    assert covered(rule, vulnerability(status=Status.FIX_DEFERRED))
    assert not covered(rule, vulnerability(status=Status.WONT_FIX))


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("{vulnerability: X, namespace: nvd}", "`namespace` cannot be judged here"),
        ("{vulnerability: X, vex-status: not_affected}", "`vex-status` cannot be judged"),
        ("{vulnerability: X, match-type: cpe-match}", "`match-type` cannot be judged"),
        ("package: {name: a, language: python}", "`package.language` cannot be judged"),
        ("package: {name: 'linux-.*'}", r"`package.name` is the pattern `linux-.*`"),
        ("package: {type: hex}", "the package type `hex` is not known"),
        ("fix-state: maybe", "the fix state `maybe` is not known"),
        ("reason: just because", "it asks for nothing"),
        ("{}", "it asks for nothing"),
    ],
)
def test_a_rule_that_cannot_be_judged_is_not_applied_and_said(rule: str, why: str) -> None:
    listed = read(rule)
    assert listed.exceptions == ()
    [note] = listed.notes
    assert note.startswith(".grype.yaml, line 2: the rule is not applied, since ")
    assert why in note


def test_the_other_rules_are_read_all_the_same() -> None:
    listed = read("namespace: nvd\n- vulnerability: CVE-1\n  reason: fine")
    assert [(each.match, each.reason) for each in listed.exceptions] == [
        ({"rule": "CVE-1"}, "fine")
    ]
    assert len(listed.notes) == 1


@pytest.mark.parametrize("rule", ["CVE-1", "vulnerability: [a]", "package: lodash"])
def test_a_rule_of_another_shape_is_refused(rule: str) -> None:
    with pytest.raises(Malformed, match="line 2: expected"):
        read(rule)
