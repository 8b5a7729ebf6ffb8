"""Columns: how wide each is, and what gives way when the terminal is narrow.

A cell is one `Span`, a line several. Spans hold text that is already harmless
(`hullguard.report.escape`); `span` makes one of any text.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from hullguard.report.escape import safe

Span = tuple[str, str]  # text, name of a style in `hullguard.report.paint`
Line = tuple[Span, ...]
Block = Iterable[Line]
Cut = Callable[[str, int], str]

INDENT = "  "
_WIDEST = 200  # columns of a cell, and ...
_LONGEST = 20_000  # ... characters of a text: only hostile input has more


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column. It gives way down to `least`, and is left out of terminals below `from_width`."""

    heading: str
    cut: Cut
    least: int
    from_width: int = 0
    gap: int = 2  # spaces before it


def span(text: str, style: str = "") -> Span:
    """Return a cell of text from anywhere."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST // 2] + "…" + text[-_LONGEST // 2 :]
    return (safe(text), style)


def wrapped(
    text: str, width: int, *, lead: str = "", hang: str = "", style: str = ""
) -> Iterator[Line]:
    """Yield a text's lines of at most `width` columns; width 0: one line.

    The first line starts with `lead`, the others with `hang`. Words are never broken, so that
    commands and paths can be copied.
    """
    line = lead
    for place, word in enumerate(span(text)[0].split(" ")):
        if place and width and width_of(line) + 1 + width_of(word) > width:
            yield ((line, style),)
            line = hang + word
        else:
            line += f" {word}" if place else word
    yield ((line, style),)


def separated(blocks: Iterable[Block]) -> Iterator[Line]:
    """Yield the blocks' lines with an empty line between blocks; empty blocks leave no trace."""
    started = False
    for block in blocks:
        lines = list(block)
        if lines and started:
            yield ()
        started = started or bool(lines)
        yield from lines


def width_of(text: str) -> int:
    """Count the terminal columns of a text (source: Unicode annex 11)."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def cut_end(text: str, width: int) -> str:
    """Keep the beginning: `pip install -r …`."""
    return text if width_of(text) <= width else _head(text, width - 1).rstrip() + "…"


def cut_middle(text: str, width: int) -> str:
    """Keep both ends: `1:2.39.…deb12u1`."""
    if width_of(text) <= width:
        return text
    tail = (width - 1) // 2
    return _head(text, width - 1 - tail) + "…" + _head(text[::-1], tail)[::-1]


def lay_out(
    columns: Sequence[Column], rows: Sequence[Sequence[Span]], width: int
) -> Iterator[Line]:
    """Yield the heading and the rows; columns without any text are left out.

    Args:
        columns: what each cell of a row stands under.
        rows: one cell a column.
        width: of the terminal; 0: show every column, cut nothing.
    """
    shown = [
        place
        for place, column in enumerate(columns)
        if (not width or width >= column.from_width) and any(row[place][0] for row in rows)
    ]
    widths = [_natural(columns[place], [row[place] for row in rows]) for place in shown]
    kept = [columns[place] for place in shown]
    while width and _total(kept, _shrunk(kept, widths, width)) > width and len(kept) > 1:
        kept, widths, shown = kept[:-1], widths[:-1], shown[:-1]
    if width:
        widths = _shrunk(kept, widths, width)
    yield _line(kept, widths, [(column.heading, "heading") for column in kept])
    for row in rows:
        yield _line(kept, widths, [row[place] for place in shown])


def _natural(column: Column, cells: Sequence[Span]) -> int:
    widest = max(width_of(text) for text, _ in cells)
    return max(width_of(column.heading), min(widest, _WIDEST))


def _total(columns: Sequence[Column], widths: Sequence[int]) -> int:
    return len(INDENT) + sum(widths) + sum(column.gap for column in columns[1:])


def _shrunk(columns: Sequence[Column], widths: Sequence[int], width: int) -> list[int]:
    """Take from the column with the most to spare, one by one, until the line fits."""
    shrunk = list(widths)
    for _ in range(_total(columns, widths) - width):
        spare = [now - column.least for now, column in zip(shrunk, columns, strict=True)]
        if max(spare) <= 0:
            break
        shrunk[spare.index(max(spare))] -= 1
    return shrunk


def _line(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[Span]) -> Line:
    spans: list[Span] = [(INDENT, "")]
    for place, (column, width, (text, style)) in enumerate(
        zip(columns, widths, cells, strict=True)
    ):
        spans.append((" " * column.gap if place else "", ""))
        shown = column.cut(text, width)
        spans += [(shown, style), (" " * (width - width_of(shown)), "")]
    return _stripped(spans)


def _stripped(spans: list[Span]) -> Line:
    """Leave out spaces at the end of the line."""
    while spans and not spans[-1][0].strip():
        spans.pop()
    return tuple(each for each in spans if each[0])


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _head(text: str, width: int) -> str:
    taken = 0
    for place, character in enumerate(text):
        taken += _columns(character)
        if taken > width:
            return text[:place]
    return text
