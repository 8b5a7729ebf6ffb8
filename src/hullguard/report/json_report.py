"""hullguard's own JSON, `hullguard/report/1`: one object, its keys the fields of our structs.

The schema lies beside this module, `schemas/report-1.json`; `docs/reference/report.md` reads it
to people. Keys may be added within version 1; none is renamed, removed or changed in meaning.
The image's configuration is left out: its environment may hold secrets.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from hullguard.model import Asset, FamilyState, Finding, Gap, Image, Inventory, Layer, Report
from hullguard.report.about import NAME, VERSION
from hullguard.report.encode import encode
from hullguard.report.options import Options
from hullguard.report.rows import by_urgency
from hullguard.report.summary import Summary, gaps_of, summarise
from hullguard.report.times import stamp

SCHEMA = "hullguard/report/1"


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """What wrote the document."""

    name: str = NAME
    version: str = VERSION


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """The image without its configuration; of a directory only the name."""

    name: str
    config_digest: str
    manifest_digests: tuple[str, ...]
    index_digests: tuple[str, ...]
    tags: tuple[str, ...]
    platform: str
    layers: tuple[Layer, ...]


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One target."""

    target: str
    asset: Asset
    subject: Subject
    judged_at: str
    summary: Summary
    inventory: Inventory
    findings: tuple[dict[str, Any], ...]  # every field of every finding, the worst first
    passed: dict[str, int]
    gaps: tuple[Gap, ...]
    notes: tuple[str, ...]
    exception_notes: tuple[str, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The whole."""

    schema: str = SCHEMA
    tool: Tool = Tool()
    generated: str
    database: tuple[FamilyState, ...]
    reports: tuple[Judged, ...]


def render(reports: Sequence[Report], options: Options) -> Iterator[bytes]:
    """Yield the document; the same reports and time give the same bytes."""
    families = {state: None for report in reports for state in report.database}
    yield encode(
        Document(
            generated=stamp(options.generated),
            database=tuple(sorted(families, key=lambda state: (state.family, state.fetched))),
            reports=tuple(map(_judged, reports)),
        )
    )


def _judged(report: Report) -> Judged:
    return Judged(
        target=report.target,
        asset=report.asset,
        subject=_subject(report.subject),
        judged_at=report.judged_at,
        summary=summarise([report]),
        inventory=report.inventory,
        findings=tuple(map(_fields, sorted(report.findings, key=by_urgency))),
        passed=dict(sorted(report.passed.items())),
        gaps=gaps_of(report),
        notes=report.notes,
        exception_notes=report.exception_notes,
    )


def _subject(image: Image) -> Subject:
    return Subject(**{name: getattr(image, name) for name in Subject.__struct_fields__})


def _fields(finding: Finding) -> dict[str, Any]:
    """Return every field: a reader that asks for `state` finds it in an open finding too."""
    return {name: getattr(finding, name) for name in finding.__struct_fields__}
