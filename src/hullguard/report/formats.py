"""The output formats, one row each. Adding one means adding a module and a row."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import BinaryIO, Protocol, cast

import msgspec

from hullguard.model import Misused, Report
from hullguard.report.options import Kind, Options

_HERE = "hullguard.report."


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """One row. The module is imported when it is asked for; it holds a function `render`."""

    module: str  # dotted
    kinds: tuple[Kind, ...]
    ending: str  # of files that hold it


class _Module(Protocol):
    def render(
        self, reports: Sequence[Report], options: Options
    ) -> Iterator[str] | Iterator[bytes]: ...


FORMATS: dict[str, Format] = {
    "table": Format(module=_HERE + "table", kinds=(Kind.SCAN,), ending=".txt"),
    "json": Format(module=_HERE + "json_report", kinds=(Kind.SCAN,), ending=".json"),
    "sarif": Format(module=_HERE + "sarif", kinds=(Kind.SCAN,), ending=".sarif"),
    "cyclonedx": Format(
        module=_HERE + "cyclonedx", kinds=(Kind.SCAN, Kind.SBOM), ending=".cdx.json"
    ),
    "spdx": Format(module=_HERE + "spdx", kinds=(Kind.SCAN, Kind.SBOM), ending=".spdx.json"),
}


def names(kind: Kind) -> tuple[str, ...]:
    """Return the formats that can hold what was asked for."""
    return tuple(name for name, format_ in FORMATS.items() if kind in format_.kinds)


def write(name: str, reports: Sequence[Report], options: Options, stream: BinaryIO) -> None:
    """Write the reports in a format: documents as UTF-8, text as the screen shows it.

    Raises:
        Misused: there is no such format, or it cannot hold what was asked for.
    """
    if name not in names(options.kind):
        choices = ", ".join(names(options.kind))
        raise Misused(f"{name!r} is no format for this: choose from {choices}")
    module = cast("_Module", import_module(FORMATS[name].module))
    parts = module.render(reports, options)
    stream.writelines(_encoded(part, options.screen.encoding) for part in parts)


def _encoded(part: str | bytes, encoding: str) -> bytes:
    return part.encode(encoding, "replace") if isinstance(part, str) else part
