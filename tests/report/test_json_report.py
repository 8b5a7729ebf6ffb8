"""Our own JSON: documented by its schema, down to the last field."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

import jsonschema  # type: ignore[import-untyped] # its stubs are no dependency of ours
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace

from hullguard import model
from hullguard.model import Report
from hullguard.report import json_report
from hullguard.report.options import Options
from hullguard.report.summary import Summary
from report_samples import CART, DATABASE, EMPTY, LOG4SHELL, NOW, OFFLINE, ROOT, excepted, report
from report_strategies import several

Json = dict[str, Any]

SCHEMA: Json = json.loads(
    resources.files("hullguard.report").joinpath("schemas/report-1.json").read_bytes()
)
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)
STRUCTS: dict[str, type[msgspec.Struct]] = {
    "asset": model.Asset,
    "distro": model.Distro,
    "family": model.FamilyState,
    "finding": model.Finding,
    "gap": model.Gap,
    "inventory": model.Inventory,
    "layer": model.Layer,
    "package": model.Package,
    "report": json_report.Judged,
    "rule": model.Rule,
    "score": model.Score,
    "subject": json_report.Subject,
    "summary": Summary,
    "vulnerability": model.Vulnerability,
}


def document(*reports: Report) -> Json:
    [data] = json_report.render(reports, Options(generated=NOW))
    decoded: Json = json.loads(data)
    return decoded


@pytest.mark.parametrize(
    "reports", [(), (CART,), (EMPTY,), (CART, EMPTY), (report(ROOT, gaps=(OFFLINE,)),)]
)
def test_documents_keep_to_the_schema(reports: tuple[Report, ...]) -> None:
    VALIDATOR.validate(document(*reports))


@given(several)
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_report_breaks_the_schema(reports: list[Report]) -> None:
    VALIDATOR.validate(document(*reports))


def test_the_schema_refuses_what_is_no_report() -> None:
    broken = document(CART)
    broken["reports"][0]["findings"][0]["severity"] = "dreadful"
    del broken["reports"][0]["summary"]["incomplete"]
    found = sorted(fault.message for fault in VALIDATOR.iter_errors(broken))
    assert found[0].startswith("'dreadful' is not one of")
    assert found[1] == "'incomplete' is a required property"


def test_the_schema_is_one_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", STRUCTS)
def test_the_schema_knows_every_field_and_no_other(name: str) -> None:
    assert set(SCHEMA["$defs"][name]["properties"]) == set(STRUCTS[name].__struct_fields__)


def described(schema: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the paths of properties that nobody described."""
    for name, part in schema.get("properties", {}).items():
        if not part.get("description"):
            yield f"{path}/{name}"
        yield from described(part, f"{path}/{name}")


def test_every_property_is_described() -> None:
    parts = {"": SCHEMA, **SCHEMA["$defs"]}
    assert [path for name, part in parts.items() for path in described(part, name)] == []


def test_the_figures_count_every_cve_once() -> None:
    assert document(CART)["reports"][0]["summary"] == {
        "vulnerabilities": 10,
        "severities": {
            "critical": 3,
            "high": 3,
            "medium": 2,
            "low": 1,
            "info": 0,
            "unknown": 1,
        },
        "fixable": 8,
        "kev": 1,
        "others": 2,
        "excepted": 0,
        "packages": 5,
        "incomplete": False,
    }


def test_a_gap_makes_the_report_incomplete() -> None:
    [judged] = document(report(gaps=(OFFLINE,)))["reports"]
    assert judged["summary"]["incomplete"] is True
    assert judged["gaps"] == [
        {
            "where": "12 npm packages",
            "why": "not checked, no npm advisories here (offline)",
            "kind": "not_covered",
            "advice": "Fetch them: hullguard db update npm",
        }
    ]


def test_findings_stand_worst_first_and_tell_their_state() -> None:
    flaw = excepted(LOG4SHELL, "not reachable (ann)")
    [judged] = document(report(ROOT, flaw))["reports"]
    told = [(each["rule"]["id"], each["state"], each["exception"]) for each in judged["findings"]]
    assert told == [
        ("CVE-2021-44228", "excepted", "not reachable (ann)"),
        ("KP-IMG-013", "open", ""),
    ]
    assert judged["summary"]["excepted"] == 1


def test_the_database_is_told_once_for_all_reports() -> None:
    families = document(CART, replace(CART, database=DATABASE[:2]))["database"]
    assert [family["family"] for family in families] == ["debian", "kev", "maven", "npm"]


def test_the_time_is_told_in_utc() -> None:
    assert document(EMPTY)["generated"] == "2026-03-02T15:30:00Z"


def test_configuration_that_may_hold_secrets_is_left_out() -> None:
    config = model.ImageConfig(env=("PASSWORD=hunter2",))
    image = replace(EMPTY.subject, config=config, raw_config={"Env": ["PASSWORD=hunter2"]})
    assert "hunter2" not in json.dumps(document(replace(EMPTY, subject=image)))


def test_what_no_json_can_hold_is_written_in_words() -> None:
    deep: Any = "end"
    for _ in range(5_000):
        deep = [deep]
    detail = {"path": "a\ud800b", "deep": deep, "odd": {None: {1, 2}, "text": ROOT}}
    [judged] = document(report(replace(ROOT, detail=detail)))["reports"]
    told = judged["findings"][0]["detail"]
    assert told["path"] == "a\\ud800b"
    assert told["odd"]["None"] == [1, 2]
    assert told["odd"]["text"]["locator"] == "config/User"
    assert json.dumps(told["deep"]).strip("[]") == '"..."'
