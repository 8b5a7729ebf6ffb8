"""The tables of a report: what to update, which vulnerabilities there are, what is excepted."""

import re
from collections.abc import Sequence

from hullguard.model import Finding, Image, Status
from hullguard.report.layout import Column, Span, cut_end, cut_middle, span, width_of
from hullguard.report.origin import Origin, origins
from hullguard.report.rows import Part, Row
from hullguard.report.updates import Update

MARK = "●"
STATUS_WORDS = {
    Status.FIXED: "fixed",
    Status.AFFECTED: "not fixed yet",
    Status.WONT_FIX: "won't fix",
    Status.FIX_DEFERRED: "deferred",
    Status.END_OF_LIFE: "end of life",
    Status.NOT_AFFECTED: "not affected",
    Status.UNDER_INVESTIGATION: "being looked into",
    Status.UNKNOWN: "not known",
}
_LEAST_SHARE = 0.001  # what is rarer than can be told in one decimal of a per cent
_MALWARE = "MAL-"  # OSV's ids of packages that are malicious themselves


def cut_update(text: str, width: int) -> str:
    """Shorten `1.1.1n-0+deb11u3 → 1.1.1n-0+deb11u5` to `1.1.1n-0+deb11u3 → …u5`."""
    if width_of(text) <= width:
        return text
    ours, _, theirs = text.partition(" → ")
    text = f"{ours} → …{theirs[_shared(ours, theirs) :]}"
    if width_of(text) <= width:
        return text
    room = width - width_of(" → ")
    return f"{cut_middle(ours, room - room // 2)} → {cut_middle(theirs, room // 2)}"


def cut_origin(text: str, width: int) -> str:
    """Keep the beginning of a history line, but both ends of a path."""
    is_path = "/" in text and " " not in text
    return (cut_middle if is_path else cut_end)(text, width)


def cut_list(text: str, width: int) -> str:
    """Keep the first of several versions: `2.15.0, 2.12.2 …`."""
    if width_of(text) <= width:
        return text
    first, *rest = text.split(", ")
    for version in rest:
        if width_of(longer := f"{first}, {version}") + 2 > width:
            break
        first = longer
    return f"{first} …" if rest and width_of(first) + 2 <= width else cut_middle(first, width)


def cut_counts(text: str, width: int) -> str:
    """Keep the worst: `2 critical 9 high 3 medium 1 low` becomes `2 critical 9 high +4`."""
    if width_of(text) <= width:
        return text
    first, *others = re.findall(r"\d+ \w+", text)
    rest = 0
    while width_of(text) > width and others:
        rest += int(others.pop().split(" ")[0])
        text = " ".join((first, *others, f"+{rest}"))
    return cut_end(text, width)


UPDATES = (
    Column(heading="UPDATE", cut=cut_middle, least=12),
    Column(heading="", cut=cut_update, least=16),
    Column(heading="REMOVES", cut=cut_counts, least=14),
    Column(heading="", cut=cut_end, least=1, gap=1),
    Column(heading="BROUGHT BY", cut=cut_origin, least=10),
    Column(heading="", cut=cut_end, least=8, from_width=100),
    Column(heading="PATH", cut=cut_middle, least=16, from_width=140),
)
VULNERABILITIES = (
    Column(heading="VULNERABILITY", cut=cut_middle, least=20),
    Column(heading="", cut=cut_end, least=1, gap=1),
    Column(heading="SEVERITY", cut=cut_end, least=8),
    Column(heading="EPSS", cut=cut_end, least=6, from_width=100),
    Column(heading="PACKAGE", cut=cut_middle, least=10),
    Column(heading="INSTALLED", cut=cut_middle, least=10),
    Column(heading="FIXED IN", cut=cut_list, least=13),
    Column(heading="LAYER", cut=cut_end, least=5, from_width=120),
    Column(heading="BROUGHT BY", cut=cut_origin, least=10, from_width=140),
    Column(heading="PATH", cut=cut_middle, least=16, from_width=160),
)
EXCEPTED = (
    Column(heading="EXCEPTED", cut=cut_middle, least=20),
    Column(heading="SEVERITY", cut=cut_end, least=8),
    Column(heading="PACKAGE", cut=cut_middle, least=10),
    Column(heading="REASON", cut=cut_end, least=20),
)


def update_cells(update: Update, image: Image, *, whole: bool) -> Sequence[Span]:
    """Return a row of `UPDATES`; `whole` names are not shortened."""
    counts = " ".join(f"{count} {severity}" for severity, count in update.severities.items())
    return (
        span(name_of(update.part, whole=whole)),
        span(f"{update.part.version} → {update.version}"),
        span(counts),
        _mark(kev=update.kev),
        *_update_origin(origins(image, update.packages)),
    )


def vulnerability_cells(row: Row, image: Image, *, whole: bool) -> Sequence[Span]:
    """Return a row of `VULNERABILITIES`; `whole` names are not shortened."""
    return (
        span(row.id),
        _mark(kev=row.kev),
        span(row.severity, row.severity),
        span(_percent(row.epss)),
        span(name_of(row.part, whole=whole)),
        span(row.part.version),
        span(_fixed_in(row)),
        *_row_origin(origins(image, row.packages)),
    )


def excepted_cells(finding: Finding) -> Sequence[Span]:
    """Return a row of `EXCEPTED`."""
    package = finding.evidence.package.name if finding.evidence else ""
    return (
        span(finding.rule.id),
        span(finding.severity, finding.severity),
        span(package),
        span(finding.exception),
    )


def name_of(part: Part, *, whole: bool) -> str:
    """Return the name people know: on a narrow screen a Maven artifact without its group."""
    if part.type == "maven" and not whole:
        return part.name.rpartition(":")[2]
    return part.name


def _fixed_in(row: Row) -> str:
    """Return the fixed versions, or the word for why there are none."""
    stuck = next((each for each in row.evidence if not each.repairable), None)
    if stuck is None:
        return ", ".join(row.evidence[0].fixed_in)
    if any(id_.startswith(_MALWARE) for id_ in stuck.ids):
        return "malicious: remove"
    return STATUS_WORDS[stuck.status]


def _update_origin(found: Sequence[Origin]) -> tuple[Span, Span, Span]:
    """Return what brought it, its layer unless that is all there is to say, and its path."""
    first, more = _first(found)
    layer = f"layer {first.layer}" if first.layer else ""
    words = first.line or layer or first.path
    return span(words + more), span("" if words == layer else layer), span(first.path)


def _row_origin(found: Sequence[Origin]) -> tuple[Span, Span, Span]:
    """Return the layer, what brought it, and its path: none repeats another."""
    first, more = _first(found)
    layer = f"{first.layer}{more}" if first.layer else ""
    return span(layer), span(first.line), span(first.path)


def _first(found: Sequence[Origin]) -> tuple[Origin, str]:
    """Return the lowest origin, and how many more there are."""
    return found[0] if found else Origin(), f" +{len(found) - 1}" if len(found) > 1 else ""


def _mark(*, kev: bool) -> Span:
    return (MARK, "exploited") if kev else ("", "")


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return f"{share:.1%}" if share >= _LEAST_SHARE else "<0.1%"


def _shared(ours: str, theirs: str) -> int:
    """Return where two versions part, moved back so that no number or word is split."""
    place = 0
    while place < min(len(ours), len(theirs)) and ours[place] == theirs[place]:
        place += 1
    while place and theirs[place - 1].isdigit():
        place -= 1
    while place and theirs[place - 1].isalpha():
        place -= 1
    return place
