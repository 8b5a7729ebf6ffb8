"""How much the stream shows that the output goes to."""

import os
import re
from collections.abc import Mapping
from typing import TextIO

from hullguard.report.options import Screen

_COLUMNS = re.compile(r"[1-9]\d{0,3}", re.ASCII)
_USUAL = 80


def look_at(stream: TextIO, environment: Mapping[str, str]) -> Screen:
    """Tell width, colour and encoding of a stream.

    Colour only on a terminal, and not where `NO_COLOR` is set (source: no-color.org) or `TERM`
    is `dumb`. `COLUMNS` replaces the terminal's own width.
    """
    encoding = stream.encoding or "utf-8"
    if not stream.isatty():
        return Screen(encoding=encoding)
    colour = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Screen(width=_width(stream, environment), colour=colour, encoding=encoding)


def _width(stream: TextIO, environment: Mapping[str, str]) -> int:
    if told := _COLUMNS.fullmatch(environment.get("COLUMNS", "")):
        return int(told[0])
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL
    except OSError:
        return _USUAL
