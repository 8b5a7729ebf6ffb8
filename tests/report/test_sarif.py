"""SARIF as code scanning takes it, checked by Microsoft's validator with GitHub's rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from hullguard.model import Asset, Image, Report, Score, Severity
from hullguard.report.options import Options
from hullguard.report.sarif import render
from report_samples import (
    CART,
    EMPTY,
    HEALTH,
    LIBSSL,
    LOG4J,
    LOG4SHELL,
    NOW,
    OFFLINE,
    ROOT,
    VIM,
    excepted,
    flaw,
    report,
)
from sarif_validator import sarif_faults

Json = dict[str, Any]


def document(*reports: Report) -> bytes:
    return b"".join(render(reports, Options(generated=NOW)))


def runs(*reports: Report) -> list[Json]:
    decoded: Json = json.loads(document(*reports))
    listed: list[Json] = decoded["runs"]
    return listed


def results(*reports: Report) -> list[Json]:
    return [result for run in runs(*reports) for result in run["results"]]


@pytest.mark.integration
def test_the_validator_finds_nothing_wrong(tmp_path: Path) -> None:
    odd = report(excepted(LOG4SHELL, "no"), ROOT, HEALTH, gaps=(OFFLINE,))
    port = replace(CART, target="localhost:5000/shop/cart:1.4")
    archive = replace(CART, target="/srv/../my image.tar")
    assert sarif_faults(document(CART, odd, EMPTY, port, archive), tmp_path) == []


@pytest.mark.integration
def test_the_validator_reports_a_bad_file(tmp_path: Path) -> None:
    bad = json.loads(document(CART))
    bad["runs"][0]["results"][1]["level"] = "dreadful"
    del bad["runs"][0]["tool"]["driver"]["name"]
    faults = sarif_faults(json.dumps(bad).encode(), tmp_path)
    assert [(rule, where) for rule, (where, *_) in faults] == [
        ("JSON1002", "runs[0].tool.driver"),
        ("JSON1019", "runs[0].results[1].level"),
    ]


def test_a_result_says_what_is_wrong_and_what_fixes_it() -> None:
    [result] = results(report(LOG4SHELL))
    assert result["message"]["text"] == (
        "org.apache.logging.log4j:log4j-core 2.14.1 has CVE-2021-44228: "
        "A flaw in org.apache.logging.log4j:log4j-core. Fixed in 2.15.0, 2.12.2, 2.3.1."
    )
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == (
        "CVE-2021-44228",
        0,
        "error",
    )


def test_a_flaw_that_nobody_gave_a_title_is_named_once() -> None:
    finding = flaw(VIM, "CVE-2026-1", "low", "9")
    bare = replace(finding, rule=replace(finding.rule, title="CVE-2026-1"))
    [result] = results(report(bare))
    assert result["message"]["text"] == (
        "vim-tiny 2:8.2.2434-3+deb11u1 has CVE-2026-1. Fixed in 9."
    )


def test_a_check_says_what_to_do() -> None:
    [result] = results(report(ROOT))
    assert result["message"]["text"] == "Image runs as root. Add `USER 10001` to the Dockerfile."
    assert result["locations"][0]["logicalLocations"] == [
        {"name": "config/User", "fullyQualifiedName": "config/User", "kind": "setting"}
    ]


def test_what_is_not_fixed_says_so() -> None:
    [result] = results(report(replace(flaw(VIM, "CVE-2026-1", "low"), fix="There is no fix yet.")))
    assert result["message"]["text"].endswith("A flaw in vim. There is no fix yet.")
    assert result["level"] == "note"


def place(result: Json) -> str:
    uri: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        ("shop/cart:1.4", "shop/cart/srv/app.jar"),
        ("shop/cart@sha256:00ff", "shop/cart/srv/app.jar"),
        ("localhost:5000/cart:1@sha256:00ff", "localhost%3A5000/cart/srv/app.jar"),
        ("/srv/../my image.tar", "srv/my%20image.tar/srv/app.jar"),
    ],
)
def test_a_place_in_an_image_is_a_relative_address_that_outlives_the_tag(
    target: str, uri: str
) -> None:
    [result] = results(replace(report(LOG4SHELL), target=target))
    assert place(result) == uri


@pytest.mark.parametrize(
    ("target", "uri"),
    [
        (".", "srv/app.jar"),
        ("services/cart", "services/cart/srv/app.jar"),
        ("/builds/cart", "srv/app.jar"),
    ],
)
def test_a_place_in_a_folder_is_the_address_in_the_repository(target: str, uri: str) -> None:
    folder = Asset(kind="directory", uid="/src", name=target)
    judged = replace(report(LOG4SHELL), target=target, asset=folder, subject=Image(name=target))
    assert place(results(judged)[0]) == uri


def test_a_result_is_recognised_by_the_finding_in_every_scan() -> None:
    [result] = results(report(LOG4SHELL))
    assert result["partialFingerprints"] == {
        "hullguard/v1": LOG4SHELL.id,
        "primaryLocationLineHash": f"{LOG4SHELL.id}:1",
    }


def test_excepted_findings_are_suppressed_and_the_others_say_that_they_are_not() -> None:
    found = results(report(excepted(LOG4SHELL, "not reachable (ann)"), ROOT))
    assert [result["suppressions"] for result in found] == [
        [{"kind": "external", "status": "accepted", "justification": "not reachable (ann)"}],
        [],
    ]


def test_gaps_make_the_run_unsuccessful() -> None:
    [run] = runs(report(gaps=(OFFLINE,)))
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [each["message"]["text"] for each in invocation["toolExecutionNotifications"]] == [
        str(OFFLINE)
    ]


def rules(*reports: Report) -> list[Json]:
    listed: list[Json] = runs(*reports)[0]["tool"]["driver"]["rules"]
    return listed


def test_rules_stand_once_and_are_as_severe_as_their_worst_finding() -> None:
    low, high = flaw(LIBSSL, "CVE-2026-1", "low"), flaw(LOG4J, "CVE-2026-1", "high")
    [rule] = rules(report(low, high))
    assert rule["properties"]["tags"] == ["security", "vulnerability", "high"]
    assert rule["defaultConfiguration"] == {"level": "error"}


@pytest.mark.parametrize(
    ("severity", "score", "told"),
    [
        ("critical", 9.8, "9.8"),
        ("high", 9.8, "8.9"),
        ("high", 0.0, "8.0"),
        ("medium", float("nan"), "5.5"),
        ("unknown", 9.8, None),
    ],
)
def test_the_score_github_ranks_by_keeps_to_our_severity(
    severity: str, score: float, told: str | None
) -> None:
    scores = (Score(source="nvd", score=score, severity=Severity.CRITICAL),)
    [rule] = rules(report(flaw(LIBSSL, "CVE-2026-1", severity, scores=scores)))
    assert rule["properties"].get("security-severity") == told


def test_help_tells_what_why_and_fix() -> None:
    [rule] = rules(report(ROOT))
    assert rule["help"]["markdown"] == (
        "**What:** The configuration names no user.\n\n"
        "**Why:** A process that breaks out is root on the node.\n\n"
        "**Fix:** Add `USER 10001` to the Dockerfile."
    )


def test_runs_of_one_file_have_categories_of_their_own() -> None:
    listed = runs(CART, replace(CART, target="shop/cart:1.3"), EMPTY)
    assert [run["automationDetails"]["id"] for run in listed] == [
        "hullguard/shop/cart/",
        "hullguard/shop/cart-2/",
        "hullguard/shop/tiny/",
    ]
