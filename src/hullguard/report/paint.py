"""Spans to text, with colour where there is a terminal for it.

A few styles need no library: these are plain SGR codes (source: ECMA-48, 8.3.117), in the
terminal's own colours, and rich would cost a warm scan 30 ms for them.
"""

from collections.abc import Callable

from hullguard.report.layout import Line
from hullguard.report.options import Screen

_RESET = "\x1b[0m"
_STYLES = {
    "target": "\x1b[1m",
    "heading": "\x1b[2m",
    "faint": "\x1b[2m",
    "warning": "\x1b[1;33m",
    "exploited": "\x1b[1;31m",
    "critical": "\x1b[1;31m",
    "high": "\x1b[31m",
    "medium": "\x1b[33m",
    "unknown": "\x1b[35m",
    "good": "\x1b[32m",
}


def painter(screen: Screen) -> Callable[[Line], str]:
    """Return what makes text of a line for this screen."""
    return _coloured if screen.colour else _plain


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)


def _coloured(line: Line) -> str:
    return "".join(
        f"{_STYLES[style]}{text}{_RESET}" if style in _STYLES else text for text, style in line
    )
