"""The figures of a report: every vulnerability counts once, however many packages have it."""

from collections.abc import Iterable, Sequence

import msgspec

from hullguard.model import Finding, Gap, Report, Severity, State


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What stands at the top of a report."""

    vulnerabilities: int  # different ones, by rule id
    severities: dict[str, int]  # the same by severity, each at its worst; all six keys
    fixable: int  # those of them that updates remove from every package that has them
    kev: int  # those of them that are known to be exploited
    others: int  # findings that are no vulnerabilities
    excepted: int  # findings that somebody signed off
    packages: int
    incomplete: bool  # something was not seen: the gaps say what


def summarise(reports: Sequence[Report]) -> Summary:
    """Count over one report, or over several as if they were one."""
    vulnerabilities = [finding for report in reports for finding in open_vulnerabilities(report)]
    findings = [finding for report in reports for finding in report.findings]
    worst = by_severity(vulnerabilities)
    return Summary(
        vulnerabilities=sum(worst.values()),
        severities={severity.value: count for severity, count in worst.items()},
        fixable=len(removable(vulnerabilities)),
        kev=len({finding.rule.id for finding in vulnerabilities if exploited(finding)}),
        others=sum(len(open_others(report)) for report in reports),
        excepted=sum(finding.state is State.EXCEPTED for finding in findings),
        packages=sum(len(report.inventory.packages) for report in reports),
        incomplete=any(gaps_of(report) for report in reports),
    )


def open_vulnerabilities(report: Report) -> list[Finding]:
    """Return the findings that are vulnerabilities nobody has signed off."""
    return [finding for finding in report.findings if finding.evidence and _is_open(finding)]


def open_others(report: Report) -> list[Finding]:
    """Return the findings of other kinds that nobody has signed off."""
    return [finding for finding in report.findings if not finding.evidence and _is_open(finding)]


def gaps_of(report: Report) -> tuple[Gap, ...]:
    """Return everything that was not seen, each once; checks that could not be made as well."""
    unmade = (
        Gap(finding.rule.title, "could not be judged", advice=finding.fix)
        for finding in report.findings
        if finding.state is State.UNREADABLE
    )
    return tuple(dict.fromkeys((*report.gaps, *report.inventory.gaps, *unmade)))


def by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    """Count different rules by severity, each at its worst; every severity is a key."""
    worst: dict[str, Severity] = {}
    for finding in findings:
        known = worst.get(finding.rule.id, finding.severity)
        worst[finding.rule.id] = min(known, finding.severity, key=lambda each: each.rank)
    counts = dict.fromkeys(Severity, 0)
    for severity in worst.values():
        counts[severity] += 1
    return counts


def removable(findings: Iterable[Finding]) -> set[str]:
    """Return the rule ids that a fixed version exists for in every package that has them."""
    ids: set[str] = set()
    stuck: set[str] = set()
    for finding in findings:
        (ids if fixable(finding) else stuck).add(finding.rule.id)
    return ids - stuck


def fixable(finding: Finding) -> bool:
    """Tell whether the finding is a vulnerability that an update removes."""
    return bool(finding.evidence and finding.evidence.repairable)


def exploited(finding: Finding) -> bool:
    """Tell whether CISA knows of attacks with this vulnerability."""
    return bool(finding.evidence and finding.evidence.kev)


def _is_open(finding: Finding) -> bool:
    return finding.state is State.OPEN
