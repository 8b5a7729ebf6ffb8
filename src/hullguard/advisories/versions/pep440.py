"""The order of Python's versions (source: PEP 440, by way of `packaging`).

What PEP 440 does not know sorts before everything it knows: by runs of digits and letters,
letters before numbers. So does a version with a number of more than 4,300 digits, which Python
refuses to read.
"""

import re
from functools import cache
from typing import TYPE_CHECKING

from hullguard.advisories.versions.sortable import number

if TYPE_CHECKING:
    from packaging.version import Version

_runs = re.compile("[0-9]++|[a-z]++").findall
Legacy = tuple[str, ...]


def key(version: str) -> "tuple[int, Version | Legacy]":
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    try:
        return (1, _version_class()(version))
    except ValueError:
        return (0, _legacy(version))


@cache
def _version_class() -> "type[Version]":
    """Import `packaging` when the first Python package is judged: it takes milliseconds."""
    from packaging.version import Version  # noqa: PLC0415 - see above

    return Version


def _legacy(version: str) -> Legacy:
    return tuple(
        "1" + number(run) if run.isdigit() else "0" + run for run in _runs(version.lower())
    )
