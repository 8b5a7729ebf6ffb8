"""What of the findings the user wants to see, and whether they stop a pipeline."""

from collections.abc import Collection, Iterable

import msgspec

from hullguard.model import Finding, Report, Severity, State, Status


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for; the defaults leave nothing out."""

    severities: frozenset[str] = frozenset()  # empty: all
    ignore_unfixed: bool = False


def select(report: Report, selection: Selection) -> Report:
    """Return the report without what was not asked for; how much that is stands in its notes."""
    kept = tuple(finding for finding in report.findings if _wanted(finding, selection))
    left_out = len(report.findings) - len(kept)
    if not left_out:
        return report
    why = " and ".join(_reasons(selection))
    note = f"{left_out} finding{'s' * (left_out != 1)} left out by {why}"
    return msgspec.structs.replace(
        report, findings=kept, exception_notes=(*report.exception_notes, note)
    )


def reaches(findings: Iterable[Finding], limit: Severity) -> bool:
    """Tell whether an open finding is as bad as the limit, or worse.

    What nobody has rated yet only counts where the limit is `unknown`. What may not even concern
    us (a distributor still looks into it) never counts.
    """
    return any(_counts(finding) and finding.severity.rank <= limit.rank for finding in findings)


def _counts(finding: Finding) -> bool:
    if finding.evidence and finding.evidence.status is Status.UNDER_INVESTIGATION:
        return False
    return finding.state is State.OPEN


def _wanted(finding: Finding, selection: Selection) -> bool:
    if selection.severities and finding.severity not in selection.severities:
        return False
    return not (selection.ignore_unfixed and finding.evidence and not finding.evidence.repairable)


def _reasons(selection: Selection) -> Collection[str]:
    reasons = []
    if selection.severities:
        reasons.append("--severity")
    if selection.ignore_unfixed:
        reasons.append("--ignore-unfixed")
    return reasons
