"""What a SARIF run says of its rules."""

from collections.abc import Iterable, Sequence
from typing import Any

from hullguard.model import Finding, Rule, Severity
from hullguard.report.links import links, page_of

Json = dict[str, Any]

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
    Severity.UNKNOWN: "warning",
}
_BANDS = {  # security-severity: from, to, and where no score is known (GitHub's own limits)
    Severity.CRITICAL: (9.0, 10.0, 9.5),
    Severity.HIGH: (7.0, 8.9, 8.0),
    Severity.MEDIUM: (4.0, 6.9, 5.5),
    Severity.LOW: (0.1, 3.9, 2.0),
    Severity.INFO: (0.0, 0.0, 0.0),
}
_LONGEST = 1_000  # characters of a description that GitHub keeps


def rule_objects(findings: Iterable[Finding]) -> list[Json]:
    """Return one reportingDescriptor a rule, in the order in which the findings name them."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.rule.id, []).append(finding)
    return [_rule(group) for group in groups.values()]


def _rule(findings: Sequence[Finding]) -> Json:
    """Describe a rule; it is as severe as its worst finding."""
    rule, worst = findings[0].rule, min((each.severity for each in findings), key=_rank)
    told = {
        "id": rule.id,
        "shortDescription": {"text": _clipped(rule.title or rule.id)},
        "fullDescription": {"text": _clipped(rule.what or rule.title or rule.id)},
        "help": {"text": _help(rule, "{}: {}"), "markdown": _help(rule, "**{}:** {}")},
        "helpUri": next(iter([*links(rule.references), page_of(rule.id)]), ""),
        "defaultConfiguration": {"level": LEVELS[worst]},
        "properties": _properties(rule, worst, findings),
    }
    return {key: value for key, value in told.items() if value}


def _help(rule: Rule, form: str) -> str:
    """Return what, why and fix, each as a paragraph, and the references."""
    parts = (("What", rule.what or rule.title), ("Why", rule.why), ("Fix", rule.fix))
    told = [form.format(name, text.strip()) for name, text in parts if text.strip()]
    return "\n\n".join([*told, *links(rule.references)]) or rule.id


def _properties(rule: Rule, worst: Severity, findings: Sequence[Finding]) -> Json:
    tags = ["security", rule.kind, worst.value]
    if any(each.evidence and each.evidence.kev for each in findings):
        tags.append("known-exploited")
    told: Json = {"tags": [tag for tag in tags if tag], "precision": "very-high"}
    return told if worst not in _BANDS else {**told, "security-severity": _score(worst, findings)}


def _score(worst: Severity, findings: Sequence[Finding]) -> str:
    """Return the highest base score, kept within our severity: their sources may differ."""
    low, high, usual = _BANDS[worst]
    flaws = (each.evidence for each in findings if each.evidence)
    scores = (score.score for flaw in flaws for score in flaw.scores if score.score > 0)
    return f"{min(max(max(scores, default=usual), low), high):.1f}"


def _rank(severity: Severity) -> int:
    return severity.rank


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
