"""What `hullguard db status` shows: every family, how old it is, and what is not there."""

import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from hullguard.advisories.database import Advisories
from hullguard.advisories.plan import FAMILIES, RATINGS
from hullguard.advisories.presence import families_here
from hullguard.model import FamilyState, Gap
from hullguard.report.about import NAME, VERSION
from hullguard.report.encode import encode
from hullguard.report.layout import (
    Block,
    Column,
    Span,
    cut_end,
    lay_out,
    separated,
    span,
    wrapped,
)
from hullguard.report.options import Options
from hullguard.report.paint import painter
from hullguard.report.screen import look_at
from hullguard.report.times import age, moment

SCHEMA = "hullguard/database/1"
_MEGABYTE = 1_000_000

_COLUMNS = (
    Column(heading="FAMILY", cut=cut_end, least=6),
    Column(heading="ADVISORIES", cut=cut_end, least=10),
    Column(heading="PACKAGES", cut=cut_end, least=8, from_width=72),
    Column(heading="FETCHED", cut=cut_end, least=15),
    Column(heading="DATA OF", cut=cut_end, least=10, from_width=80),
    Column(heading="SIZE", cut=cut_end, least=7),
    Column(heading="COVERS", cut=cut_end, least=6, from_width=100),
)


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """The document of `--format json`; docs/reference/database.md."""

    schema: str = SCHEMA
    tool: dict[str, str] = msgspec.field(default_factory=lambda: {"name": NAME, "version": VERSION})
    generated: datetime
    folder: str
    families: tuple[dict[str, object], ...]  # FamilyState's fields, `size` in bytes, `outdated`
    missing: tuple[str, ...]  # families that could be fetched
    damaged: tuple[str, ...]
    gaps: tuple[Gap, ...]  # what the command could not do


class _Row(msgspec.Struct, frozen=True):
    state: FamilyState
    size: int
    is_old: bool


def run_status(db: Path, max_age: float, format_: str) -> int:
    """Show everything and return the exit code."""
    return show(db, format_, max_age=timedelta(hours=max_age))


def show(
    db: Path,
    format_: str,
    *,
    only: Collection[str] | None = None,
    max_age: timedelta = timedelta(days=1),
    gaps: Sequence[Gap] = (),
) -> int:
    """Show families on standard output and return the exit code.

    Args:
        db: the database's folder.
        format_: "table" or "json".
        only: these families; None: all, and what is missing.
        max_age: older ones are marked.
        gaps: what a command could not do; the document holds them.
    """
    now = datetime.now(UTC).astimezone()
    here = [each for each in families_here(db) if only is None or each in only]
    with Advisories(db, today=now) as advisories:
        states = advisories.states(here)
    rows = [_Row(state, _size(db, state.family), _is_old(state, now - max_age)) for state in states]
    damaged = tuple(sorted(set(here) - {state.family for state in states}))
    missing = () if only is not None else tuple(each for each in FAMILIES if each not in here)
    status = Status(
        generated=now,
        folder=str(db),
        families=tuple(map(_fields, rows)),
        missing=missing,
        damaged=damaged,
        gaps=tuple(gaps),
    )
    if format_ == "json":
        click.echo(encode(status), nl=False)
    else:
        _print(rows, status, whole=only is None)
    return 3 if damaged or gaps else 0


def _fields(row: _Row) -> dict[str, object]:
    state = {name: getattr(row.state, name) for name in row.state.__struct_fields__}
    return {**state, "size": row.size, "outdated": row.is_old}


def _print(rows: Sequence[_Row], status: Status, *, whole: bool) -> None:
    screen = look_at(sys.stdout, os.environ)
    options = Options(generated=status.generated, screen=screen)
    paint = painter(screen)
    for line in separated(_blocks(rows, status, options, whole=whole)):
        click.echo(f"{paint(line)}\n".encode(screen.encoding, "replace"), nl=False)


def _blocks(
    rows: Sequence[_Row], status: Status, options: Options, *, whole: bool
) -> Iterator[Block]:
    width = options.screen.width
    if whole:
        yield wrapped(_heading(rows, status), width, hang="  ")
    if rows:
        yield lay_out(_COLUMNS, [_cells(row, options) for row in rows], width)
    yield [line for text in _remarks(rows, status) for line in wrapped(text, width, hang="  ")]
    if whole:
        yield [line for text in _advice(rows, status) for line in wrapped(text, width, hang="  ")]


def _heading(rows: Sequence[_Row], status: Status) -> str:
    if not rows:
        return f"No advisories are in {status.folder} yet."
    total = _bytes(sum(row.size for row in rows))
    return f"{status.folder} · {len(rows)} families · {total}"


def _cells(row: _Row, options: Options) -> list[Span]:
    state = row.state
    fetched = moment(state.fetched)
    return [
        span(state.family),
        span(f"{state.advisories:,}".rjust(10)),
        span(f"{state.packages:,}".rjust(8) if state.packages else ""),
        span(age(fetched, options.generated) if fetched else "built here", row.is_old * "warning"),
        span(state.data_date[:10]),
        span(_bytes(row.size).rjust(7)),
        span(_coverage(state)),
    ]


def _coverage(state: FamilyState) -> str:
    """Leave out the family's own name: "11, 12" of Debian, nothing of PyPI."""
    labels = {each.removeprefix(f"{state.family}:") for each in state.coverage}
    return ", ".join(sorted(labels - {state.family}, key=_by_number))


def _by_number(label: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdecimal() else 0, part) for part in re.split("[:.]", label)]


def _remarks(rows: Sequence[_Row], status: Status) -> Iterator[str]:
    old = [row.state.family for row in rows if row.is_old]
    if some := [family for family in old if family in FAMILIES]:
        yield f"! To be renewed: {', '.join(some)}. Do it: hullguard db update {' '.join(some)}"
    if some := [family for family in old if family not in FAMILIES]:
        yield f"! To be renewed: {', '.join(some)}. Do it: hullguard db build --from DIR"
    for row in rows:
        if count := len(row.state.gaps):
            records = "1 record" if count == 1 else f"{count} records"
            yield f"! {row.state.family}: {records} could not be read; --format json says which."
    for family in status.damaged:
        yield (
            f"! {family} cannot be read: it is damaged, or of another version. "
            f"Fetch it anew: hullguard db update {family}"
        )


def _advice(rows: Sequence[_Row], status: Status) -> Iterator[str]:
    if status.missing:
        yield f"Not here: {', '.join(status.missing)}."
    if rows:
        yield "A scan fetches what it needs. Everything here, now: hullguard db update"
    else:
        yield "A scan fetches what it needs. Ahead of time: hullguard db update debian pypi"


def _size(db: Path, family: str) -> int:
    pattern = "cve-*.db" if family == RATINGS else f"{family}.db"
    return sum(path.stat().st_size for path in db.glob(f"*/{pattern}"))


def _is_old(state: FamilyState, limit: datetime) -> bool:
    date = moment(state.fetched) or moment(state.data_date)
    return date is not None and date < limit


def _bytes(count: int) -> str:
    return f"{count / _MEGABYTE:.1f} MB" if count >= _MEGABYTE else f"{count / 1000:.0f} kB"
