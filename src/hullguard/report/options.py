"""What a caller may choose about the output."""

from datetime import datetime
from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What was asked for."""

    SCAN = "scan"  # what is wrong
    SBOM = "sbom"  # what is there: nothing was judged, so nothing may read like a verdict


class Screen(msgspec.Struct, frozen=True, kw_only=True):
    """Where text is shown. `hullguard.report.screen` looks at a stream and tells."""

    width: int = 0  # columns; 0: not a terminal, nothing is cut
    colour: bool = False
    encoding: str = "utf-8"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What every format is handed beside the reports."""

    generated: datetime  # with the offset in which people are to read times
    kind: Kind = Kind.SCAN
    every: bool = False  # every row, beyond what fits the first screen
    screen: Screen = Screen()
    commands: dict[str, str] = {}  # to run next, and what for; empty: what the report leads to
