"""The sentences of a report: how bad it is, in figures, and what stands beside the tables."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hullguard.model import GapKind, Report, Severity, State
from hullguard.report.heading import count_of
from hullguard.report.layout import INDENT, Line, Span, width_of, wrapped
from hullguard.report.rows import Row
from hullguard.report.summary import Summary, gaps_of, open_others, summarise
from hullguard.report.updates import Update

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HANG = "    "


def counts(summary: Summary, width: int) -> Iterator[Line]:
    """Yield the counts by severity, and the totals on the same line if they fit."""
    spans = list(_severities(summary))
    total = f"{summary.vulnerabilities} in all, {summary.fixable} with a fix"
    room = width - sum(width_of(text) for text, _ in spans)
    if not width or room >= width_of(total) + 6:
        yield (*spans, ("      ", ""), (total, ""))
    else:
        yield tuple(spans)
        yield ((INDENT + total, ""),)


def _severities(summary: Summary) -> Iterator[Span]:
    lead = INDENT
    for severity, count in summary.severities.items():
        if count:
            yield (lead, "")
            yield (f"{count} {severity}", severity)
            lead = "   "


def urgency(
    report: Report, rows: Sequence[Row], updates: Sequence[Update], shown: int, width: int
) -> Iterator[Line]:
    """Yield what is exploited, what nobody has rated, and what the shown updates achieve."""
    summary = summarise([report])
    state = " ".join((*_exploited(summary), *_unrated(summary, report)))
    told = _achieved(rows, updates, shown)
    if state and width and len(INDENT) + width_of(state) + 1 + width_of(told) > width:
        yield from wrapped(state, width, lead=INDENT, hang=INDENT)
        state = ""
    yield from wrapped(f"{state} {told}".strip(), width, lead=INDENT, hang=INDENT)


def _exploited(summary: Summary) -> Iterator[str]:
    if summary.kev:
        yield f"{summary.kev} {_are(summary.kev)} exploited in the wild."


def _unrated(summary: Summary, report: Report) -> Iterator[str]:
    """Say why some have no severity: there is none yet, or, as a gap says, it is not here."""
    unknown = summary.severities[Severity.UNKNOWN]
    if unknown and any(gap.kind is GapKind.UNRATED for gap in gaps_of(report)):
        yield f"{unknown} {_are(unknown)} unknown: not all scores are here."
    elif unknown:
        yield f"{unknown} {_are(unknown)} unknown: nobody has rated {_them(unknown)} yet."


def _achieved(rows: Sequence[Row], updates: Sequence[Update], shown: int) -> str:
    """Say how many vulnerabilities are gone from everywhere after the updates that are shown."""
    if not updates:
        return "No update removes any of them yet."
    parts = {update.part for update in updates[:shown]}
    ids = {row.id for row in rows}
    gone = ids - {row.id for row in rows if not (row.fixed and row.part in parts)}
    few = shown < len(updates)
    who = f"The first {number(shown)} of {len(updates)} updates" if few else _updates(shown)
    return f"{who} remove{'s' if shown == 1 and not few else ''} {_share(len(gone), len(ids))}:"


def _updates(count: int) -> str:
    return f"{number(count).capitalize()} {'update' if count == 1 else 'updates'}"


def _share(gone: int, total: int) -> str:
    if not gone:
        return "some of them from some packages"
    if gone == total:
        return "it" if total == 1 else "all of them"
    return f"{gone} of them"


def nothing_wrong(report: Report) -> str:
    """Return the sentence for a report without vulnerabilities; never a false all-clear."""
    subject = "image" if report.subject.config_digest else "target"
    packages = len(report.inventory.packages)
    if not packages and gaps_of(report):
        return f"No packages were found in what could be read of this {subject}."
    if not packages:
        return f"No packages were found in this {subject}, so there was nothing to check."
    if not report.database:
        none = (
            "The one package was not" if packages == 1 else f"None of the {packages} packages was"
        )
        return f"{none} checked: no advisories were asked."
    if gaps_of(report):
        return "Nothing is known to be wrong with what was checked; what was not stands above."
    return f"{_clear(report, subject)} {packages} of {count_of(packages, 'package')} were checked."


def _clear(report: Report, subject: str) -> str:
    """Say that nothing is wrong, unless something was left out of sight."""
    if open_others(report):
        return "No vulnerability is known."
    if report.exception_notes:
        return f"No finding is listed for this {subject}; mind the notes below."
    if any(finding.state is State.EXCEPTED for finding in report.findings):
        return f"Nothing known is wrong with this {subject} but what is excepted."
    return f"Nothing known is wrong with this {subject}."


def beside(report: Report, width: int) -> Iterator[Line]:
    """Yield the findings that are no vulnerabilities, in one line."""
    others = sorted(open_others(report), key=lambda finding: finding.severity.rank)
    titles = Counter(_lowered(finding.rule.title) for finding in others)
    if titles:
        told = " · ".join(f"{title} ({n} times)" if n > 1 else title for title, n in titles.items())
        yield from wrapped(f"Beside vulnerabilities: {told}", width, lead=INDENT, hang=_HANG)


def exceptions(report: Report, width: int, *, named: bool) -> Iterator[Line]:
    """Yield what was left out, which exceptions are expired or unused, and how many apply."""
    for note in report.exception_notes:
        yield from wrapped(f"Note: {note}", width, lead=INDENT, hang=_HANG)
    count = sum(finding.state is State.EXCEPTED for finding in report.findings)
    if count and not named:
        told = f"Note: exceptions cover {count_of(count, 'finding')}; --all names them."
        yield from wrapped(told, width, lead=INDENT, hang=_HANG)


def _lowered(title: str) -> str:
    """Return a check's title as part of a sentence: `Image runs as root` is `runs as root`."""
    title = title.removeprefix("Image ")
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def number(count: int) -> str:
    """Return small numbers as words."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _them(count: int) -> str:
    return "it" if count == 1 else "them"
