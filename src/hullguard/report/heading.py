"""The top of a report: what was looked at, what was not seen, how old the advisories are."""

from collections.abc import Iterator

from hullguard.model import FamilyState, Report
from hullguard.report.layout import Line, Span, span, width_of, wrapped
from hullguard.report.options import Options
from hullguard.report.summary import gaps_of
from hullguard.report.times import age, moment

_GAP = "    "
_GAPS_SHOWN = 10
_DIGEST = 12  # characters, as container engines shorten it


def heading(report: Report, options: Options) -> Iterator[Line]:
    """Yield the target's lines, then the gaps, before everything else."""
    yield from _target(report, options.screen.width)
    yield from _gaps(report, options)
    yield from _advisories(report, options)


def count_of(number: int, noun: str) -> str:
    """Return `1 layer`, `6 layers`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _target(report: Report, width: int) -> Iterator[Line]:
    """Yield name, facts and short config digest: on one line if they fit, else on two."""
    name = span(report.target, "target")
    facts = span(" · ".join(_facts(report)))
    digest = span(report.subject.config_digest.rpartition(":")[2][:_DIGEST], "faint")
    needed = width_of(name[0] + facts[0] + digest[0]) + len(_GAP) + 2
    if not width or needed <= width:
        yield _ended((name, (_GAP, ""), facts), digest, width)
    else:
        yield _ended((name,), digest, width)
        yield (("  ", ""), facts)


def _ended(start: tuple[Span, ...], end: Span, width: int) -> Line:
    """Put the last span at the right edge, or after a gap where there is no edge."""
    if not end[0]:
        return start
    room = width - sum(width_of(text) for text, _ in start) - width_of(end[0])
    return (*start, (" " * max(room, 2) if width else _GAP, ""), end)


def _facts(report: Report) -> Iterator[str]:
    image, distro = report.subject, report.inventory.distro
    if distro:
        yield f"{distro.id} {distro.version}".strip()
    if image.platform:
        yield image.platform
    if image.layers:
        yield count_of(len(image.layers), "layer")
    yield count_of(len(report.inventory.packages), "package")


def _gaps(report: Report, options: Options) -> Iterator[Line]:
    gaps = gaps_of(report)
    whole = options.every or not options.screen.width
    shown = gaps if whole or len(gaps) <= _GAPS_SHOWN else gaps[: _GAPS_SHOWN - 1]
    for gap in shown:
        yield from wrapped(
            str(gap), options.screen.width, lead="  ! ", hang="    ", style="warning"
        )
    if rest := len(gaps) - len(shown):
        yield ((f"  ! {rest} more things were not seen; --all names them.", "warning"),)
    for note in report.notes:
        yield from wrapped(note, options.screen.width, lead="  ! ", hang="    ", style="warning")


def _advisories(report: Report, options: Options) -> Iterator[Line]:
    """Yield the line that says how old the advisories are; those of one day stand together."""
    ages = _ages(report.database, options)
    if ages:
        told = "; from ".join(f"{when}: {', '.join(names)}" for when, names in ages.items())
        judged = _judged(report, options)
        yield from wrapped(f"advisories from {told}{judged}", options.screen.width, hang="  ")


def _ages(families: tuple[FamilyState, ...], options: Options) -> dict[str, list[str]]:
    """Return the families' names by when they were fetched, the oldest first."""
    days: dict[str, list[str]] = {}
    times: dict[str, str] = {}
    for when, family in sorted((_when(family), family.family) for family in families):
        time = moment(when)
        day = time.astimezone(options.generated.tzinfo).date().isoformat() if time else ""
        times.setdefault(day, age(time, options.generated) if time else "an unknown day")
        days.setdefault(times[day], []).append(family)
    return days


def _when(family: FamilyState) -> str:
    return family.fetched or family.data_date


def _judged(report: Report, options: Options) -> str:
    """Say so if the advisories were read for another day than today."""
    day = moment(report.judged_at)
    if day is None or day.date() == options.generated.astimezone(day.tzinfo).date():
        return ""
    return f". Judged as of {day:%Y-%m-%d}"
