"""What is left out on request, and what stops a pipeline."""

import pytest

from hullguard.model import (
    Asset,
    Finding,
    Image,
    Inventory,
    Package,
    Report,
    Rule,
    Severity,
    State,
    Status,
    Vulnerability,
)
from hullguard.triage.select import Selection, reaches, select

ASSET = Asset(kind="image", uid="sha256:1", name="shop/cart:1")


def finding(
    severity: Severity,
    *,
    fixed_in: tuple[str, ...] = ("2",),
    status: Status = Status.FIXED,
    state: State = State.OPEN,
) -> Finding:
    package = Package(type="npm", name="left", version="1")
    return Finding(
        id=severity,
        rule=Rule(id="CVE-2024-1", title="", kind="vulnerability", severity=severity),
        asset=ASSET,
        locator="pkg:npm/left",
        severity=severity,
        state=state,
        evidence=Vulnerability(
            package=package, ids=("CVE-2024-1",), status=status, fixed_in=fixed_in
        ),
    )


def report(*findings: Finding) -> Report:
    return Report(
        target="x", asset=ASSET, subject=Image(name="x"), inventory=Inventory(), findings=findings
    )


HIGH, LOW = finding(Severity.HIGH), finding(Severity.LOW)
UNFIXED = finding(Severity.MEDIUM, fixed_in=())


def test_nothing_is_left_out_unasked() -> None:
    whole = report(HIGH, LOW, UNFIXED)
    assert select(whole, Selection()) is whole


def test_what_is_left_out_is_said() -> None:
    chosen = select(report(HIGH, LOW, UNFIXED), Selection(severities=frozenset({"high"})))
    assert chosen.findings == (HIGH,)
    assert chosen.exception_notes == ("2 findings left out by --severity",)


def test_a_check_without_a_fixed_version_is_no_unfixed_vulnerability() -> None:
    check = Finding(
        id="1", rule=HIGH.rule, asset=ASSET, locator="config.User", severity=Severity.MEDIUM
    )
    chosen = select(report(check, UNFIXED), Selection(ignore_unfixed=True))
    assert chosen.findings == (check,)
    assert chosen.exception_notes == ("1 finding left out by --ignore-unfixed",)


@pytest.mark.parametrize(
    ("severity", "limit", "stops"),
    [
        (Severity.CRITICAL, Severity.HIGH, True),
        (Severity.HIGH, Severity.HIGH, True),
        (Severity.MEDIUM, Severity.HIGH, False),
        (Severity.UNKNOWN, Severity.INFO, False),
        (Severity.UNKNOWN, Severity.UNKNOWN, True),
        (Severity.LOW, Severity.UNKNOWN, True),
    ],
)
def test_a_finding_stops_at_its_limit(severity: Severity, limit: Severity, *, stops: bool) -> None:
    assert reaches([finding(severity)], limit) is stops


def test_what_is_excepted_or_still_looked_into_stops_nothing() -> None:
    excepted = finding(Severity.CRITICAL, state=State.EXCEPTED)
    looked_into = finding(Severity.CRITICAL, status=Status.UNDER_INVESTIGATION)
    assert not reaches([excepted, looked_into], Severity.UNKNOWN)
