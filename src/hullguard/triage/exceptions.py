"""Reads files of exceptions: our own format, and those that people already have.

| format | recognised by |
| --- | --- |
| ours, YAML or JSON | a list, or a mapping with `exceptions` |
| `.trivyignore` | its name, or lines that hold nothing but ids |
| `.trivyignore.yaml` | `vulnerabilities`, `misconfigurations`, `secrets` or `licenses` |
| grype's configuration | `ignore` |
| OpenVEX | `@context` |
"""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

import msgspec

from hullguard.model import Malformed
from hullguard.triage.documents import NOTHING, Node, read_document
from hullguard.triage.exception_list import ExceptionList


class Source(msgspec.Struct, frozen=True):
    """A file of exceptions on its way to the reader of its format."""

    path: str  # for messages
    data: bytes
    root: Node  # the same as a document, where it is one
    today: date


class _Format(Protocol):
    def read(self, source: Source) -> ExceptionList: ...


def read_exceptions(path: Path, data: bytes, today: date) -> ExceptionList:
    """Read a file of exceptions in whichever of the known formats it is.

    Args:
        path: the file's name, for messages and for recognising it.
        data: its content.
        today: the day to judge by; statements made later do not hold yet.

    Raises:
        Malformed: it is in none of the formats, or an entry is incomplete or mistaken.
    """
    plain = path.name.endswith(".trivyignore")
    root = NOTHING if plain else read_document(str(path), data)
    module = import_module(f"hullguard.triage.formats.{_recognise(str(path), root)}")
    return cast("_Format", module).read(Source(str(path), data, root, today))


def _recognise(path: str, root: Node) -> str:
    """Return the module that reads the file."""
    if isinstance(root.value, str):
        return "trivyignore"
    if isinstance(root.value, list):
        return "own"
    if isinstance(root.value, dict):
        for key, module in _BY_KEY.items():
            if key in root.value:
                return module
    raise Malformed(
        path,
        "is in none of the formats known: a list of exceptions, .trivyignore, "
        ".trivyignore.yaml, grype's `ignore`, OpenVEX",
    )


_BY_KEY = {
    "exceptions": "own",
    "@context": "openvex",
    "ignore": "grype",
    "vulnerabilities": "trivy_yaml",
    "misconfigurations": "trivy_yaml",
    "secrets": "trivy_yaml",
    "licenses": "trivy_yaml",
}
