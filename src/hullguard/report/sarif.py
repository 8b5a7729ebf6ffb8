"""SARIF 2.1.0, for code scanning (source: OASIS SARIF v2.1.0 plus errata 01).

One run a target, each with a category of its own, so that uploads of several images do not
replace one another. What GitHub makes of it (source: docs.github.com, "SARIF support for code
scanning"): it needs a physical location with a relative address, ranks by the rule's
`security-severity`, and recognises a result by `primaryLocationLineHash`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from hullguard.model import Finding, Gap, Report, State
from hullguard.report.about import HOME, NAME, VERSION
from hullguard.report.encode import encode
from hullguard.report.options import Options
from hullguard.report.rows import by_urgency
from hullguard.report.sarif_place import locations, root
from hullguard.report.sarif_rules import LEVELS, rule_objects
from hullguard.report.summary import gaps_of
from hullguard.report.times import stamp

Json = dict[str, Any]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_REPORTED = frozenset({State.OPEN, State.EXCEPTED})


def render(reports: Sequence[Report], options: Options) -> Iterator[bytes]:
    """Yield the document."""
    categories = _categories(reports)
    runs = [
        _run(report, category, options)
        for report, category in zip(reports, categories, strict=True)
    ]
    yield encode({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _categories(reports: Sequence[Report]) -> Iterator[str]:
    """Name each run's category; two tags of one repository in one file are told apart."""
    seen: Counter[str] = Counter()
    for report in reports:
        name = root(report) or report.asset.kind
        seen[name] += 1
        yield f"{NAME}/{name}/" if seen[name] == 1 else f"{NAME}/{name}-{seen[name]}/"


def _run(report: Report, category: str, options: Options) -> Json:
    findings = sorted((each for each in report.findings if each.state in _REPORTED), key=by_urgency)
    places = {id_: place for place, id_ in enumerate(dict.fromkeys(f.rule.id for f in findings))}
    with_suppressions = any(finding.state is State.EXCEPTED for finding in findings)
    results = [_result(finding, report, places[finding.rule.id]) for finding in findings]
    if with_suppressions:  # either every result has the property or none (section 3.27.23)
        results = [
            {**result, "suppressions": _suppressions(finding)}
            for result, finding in zip(results, findings, strict=True)
        ]
    return {
        "tool": {"driver": _driver(findings)},
        "automationDetails": {"id": category},
        "invocations": [_invocation(report, options)],
        "columnKind": "utf16CodeUnits",
        "results": results,
        "properties": {"target": report.target, "asset": report.asset.uid},
    }


def _driver(findings: Sequence[Finding]) -> Json:
    return {
        "name": NAME,
        "version": VERSION,
        "semanticVersion": VERSION,
        "informationUri": HOME,
        "rules": rule_objects(findings),
    }


def _invocation(report: Report, options: Options) -> Json:
    gaps = gaps_of(report)
    return {
        "executionSuccessful": not gaps,
        "endTimeUtc": stamp(options.generated),
        "toolExecutionNotifications": [_notification(gap) for gap in gaps],
    }


def _notification(gap: Gap) -> Json:
    return {
        "level": "warning",
        "message": {"text": str(gap) or "Something was not seen."},
        "properties": {"kind": gap.kind},
    }


def _result(finding: Finding, report: Report, place: int) -> Json:
    return {
        "ruleId": finding.rule.id,
        "ruleIndex": place,
        "level": LEVELS[finding.severity],
        "message": {"text": _message(finding)},
        "locations": locations(finding, report),
        "partialFingerprints": {
            "hullguard/v1": finding.id,
            "primaryLocationLineHash": f"{finding.id}:1",
        },
        "properties": _properties(finding),
    }


def _message(finding: Finding) -> str:
    """Say what is wrong and what to do, in two sentences."""
    rule, flaw = finding.rule, finding.evidence
    title = rule.title.rstrip(".")
    if flaw is None:
        return f"{title}. {finding.fix or rule.fix}".strip(". ") + "."
    named = rule.id if rule.title in {"", rule.id} else f"{rule.id}: {title}"
    installed = f"{flaw.package.name} {flaw.package.version}".strip()
    fix = f"Fixed in {', '.join(flaw.fixed_in)}." if flaw.repairable else finding.fix
    return f"{installed} has {named}. {fix}".rstrip()


def _properties(finding: Finding) -> Json:
    flaw = finding.evidence
    if flaw is None:
        return {"severity": finding.severity, "detail": finding.detail}
    told = {
        "severity": finding.severity,
        "purl": flaw.package.purl,
        "version": flaw.package.version,
        "status": flaw.status,
        "fixedIn": flaw.fixed_in,
        "epss": flaw.epss,
        "kev": flaw.kev,
        "layer": flaw.package.layer,
    }
    return {key: value for key, value in told.items() if value not in (None, "", ())}


def _suppressions(finding: Finding) -> list[Json]:
    if finding.state is not State.EXCEPTED:
        return []
    return [{"kind": "external", "status": "accepted", "justification": finding.exception}]
