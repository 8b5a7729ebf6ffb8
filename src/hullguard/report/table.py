"""The report people read in a terminal: the answer first, then what to do, then the details.

On a terminal it keeps to the first screen and to the terminal's width; `--all`, or a pipe, gives
every row, and a pipe nothing cut: a program may read along. Nothing is told by colour alone.
"""

from collections.abc import Iterator, Sequence

from hullguard.model import Report, Severity, State
from hullguard.report.columns import (
    EXCEPTED,
    MARK,
    UPDATES,
    VULNERABILITIES,
    excepted_cells,
    update_cells,
    vulnerability_cells,
)
from hullguard.report.heading import count_of, heading
from hullguard.report.layout import INDENT, Block, Line, lay_out, separated, span, wrapped
from hullguard.report.next import next_commands, remarked
from hullguard.report.options import Options
from hullguard.report.origin import BASE, origins
from hullguard.report.paint import painter
from hullguard.report.rows import Row, rows_of
from hullguard.report.summary import summarise
from hullguard.report.updates import Update, advise
from hullguard.report.verdict import beside, counts, exceptions, nothing_wrong, urgency

UPDATES_SHOWN = 6
VULNERABILITIES_SHOWN = 8


def render(reports: Sequence[Report], options: Options) -> Iterator[str]:
    """Yield the lines of the reports, one after the other, and of their total."""
    paint = painter(options.screen)
    for line in separated(_blocks(reports, options)):
        yield paint(line) + "\n"


def _blocks(reports: Sequence[Report], options: Options) -> Iterator[Block]:
    judged = [(report, rows_of(report)) for report in reports]
    for report, rows in judged:
        yield heading(report, options)
        yield from _vulnerable(report, rows, options) if rows else _well(report, options)
        yield (*beside(report, options.screen.width), *_exceptions(report, options))
    if len(reports) > 1:
        yield _total(reports, options)
    yield _last(judged, options)


def _well(report: Report, options: Options) -> Iterator[Block]:
    told = nothing_wrong(report)
    yield wrapped(told, options.screen.width, lead=INDENT, hang=INDENT)


def _vulnerable(report: Report, rows: Sequence[Row], options: Options) -> Iterator[Block]:
    width, updates = options.screen.width, advise(rows)
    shown = len(updates) if _whole(options) else min(UPDATES_SHOWN, len(updates))
    yield (
        *counts(summarise([report]), width),
        *urgency(report, rows, updates, shown, width),
    )
    if updates:
        yield _updates(report, updates, shown, options)
    yield _vulnerabilities(report, rows, options)


def _updates(
    report: Report, updates: Sequence[Update], shown: int, options: Options
) -> Iterator[Line]:
    image, whole = report.subject, not options.screen.width
    cells = [update_cells(each, image, whole=whole) for each in updates[:shown]]
    yield from lay_out(UPDATES, cells, options.screen.width)
    if rest := len(updates) - shown:
        yield _more(count_of(rest, "more update"))
    old = [each for each in updates if {o.line for o in origins(image, each.packages)} == {BASE}]
    if len(old) > 1:
        who = "All of them" if len(old) == len(updates) else f"{len(old)} of {len(updates)} updates"
        told = f"{who} come with the base image: try a newer one."
        yield from wrapped(told, options.screen.width, lead=INDENT, hang=INDENT)


def _vulnerabilities(report: Report, rows: Sequence[Row], options: Options) -> Iterator[Line]:
    whole = not options.screen.width
    shown = _shown(rows, options)
    cells = [vulnerability_cells(row, report.subject, whole=whole) for row in shown]
    yield from lay_out(VULNERABILITIES, cells, options.screen.width)
    if rest := rows[len(shown) :]:
        grave = sum(row.rank <= Severity.HIGH.rank for row in rest)
        yield _more(f"{len(rest)} more" + (f", {grave} of them high or worse" if grave else ""))


def _more(what: str) -> Line:
    return ((f"{INDENT}… {what}; --all shows every one", "faint"),)


def _exceptions(report: Report, options: Options) -> Iterator[Line]:
    named = _whole(options)
    yield from exceptions(report, options.screen.width, named=named)
    covered = [finding for finding in report.findings if finding.state is State.EXCEPTED]
    if covered and named:
        cells = [excepted_cells(finding) for finding in covered]
        yield from lay_out(EXCEPTED, cells, options.screen.width)


def _total(reports: Sequence[Report], options: Options) -> Iterator[Line]:
    summary = summarise(reports)
    yield (span(f"{len(reports)} targets together", "target"),)
    if summary.vulnerabilities:
        yield from counts(summary, options.screen.width)
    else:
        yield ((f"{INDENT}No vulnerability is known.", ""),)
    if incomplete := sum(summarise([report]).incomplete for report in reports):
        yield ((f"  ! {incomplete} of them could not be seen completely.", "warning"),)


def _last(judged: Sequence[tuple[Report, Sequence[Row]]], options: Options) -> Iterator[Line]:
    """Yield what the mark means, and the commands for the first report that has something."""
    if any(row.kev for _, rows in judged for row in rows):
        yield ((MARK, "exploited"), (" exploited in the wild (CISA KEV)", ""))
    if options.commands:
        yield from remarked(options.commands, options.screen.width)
        return
    for report, rows in judged:
        if rows:
            more = len(_shown(rows, options)) < len(rows)
            target = report.asked or report.target
            yield from next_commands(target, rows[0].id, options.screen.width, more=more)
            return


def _shown(rows: Sequence[Row], options: Options) -> Sequence[Row]:
    return rows if _whole(options) else rows[:VULNERABILITIES_SHOWN]


def _whole(options: Options) -> bool:
    """Whether every row is shown: nothing is left out where a program may read along."""
    return options.every or not options.screen.width
