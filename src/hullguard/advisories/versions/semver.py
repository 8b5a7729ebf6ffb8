"""The order of semantic versions: npm, crates.io, Go, Julia, Bitnami (source: semver.org 2.0.0).

`major.minor.patch[-pre.release][+build]`. A pre-release sorts before its release; its numeric
identifiers as numbers and before all others, the others as ASCII text; the build is ignored, so
Go's `+incompatible` is, too. Go's pseudo-versions are pre-releases of the version they name
(source: go.dev/ref/mod), and `go1.21rc2`, a toolchain, is 1.21.0-rc2.

What is no valid version is read as far as possible: white space, `v`, `=` and `go` before it are
dropped, missing numbers are 0, more than three count, and other text after the numbers is a
pre-release. A text that begins with no number (`latest`, `(devel)`) sorts before all versions.
"""

import re
from typing import NamedTuple

from hullguard.advisories.versions.sortable import ZERO, number

_NO_VERSION, _NUMERIC, _TEXT, _RELEASE = "", "0", "1", "2"

_pattern = re.compile(
    r"(?:go(?=[0-9])|[vV=\s]*)"
    r"([0-9]+(?:\.[0-9]+)*)?"
    r"[.-]?([^+]*)"
    r"\+?(.*)",
    re.DOTALL,
)


class Parts(NamedTuple):
    """A version, each part sortable."""

    numbers: tuple[str, ...]  # without zeros at the end; longer means newer where equal so far
    release: tuple[str, ...]  # identifiers of the pre-release, or a mark above them all
    build: str


def key(version: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    return split(version)[:2]


def split(version: str) -> Parts:
    """Split a version, valid or not."""
    found = _pattern.match(version.strip())
    assert found  # noqa: S101 - every part of the pattern may be empty
    digits, pre, build = found.groups()
    if digits is None:
        return Parts((), (_NO_VERSION, *identifiers(pre)), "")
    numbers = [*map(number, digits.split("."))]
    while numbers and numbers[-1] == ZERO:
        numbers.pop()
    return Parts(tuple(numbers), identifiers(pre) if pre else (_RELEASE,), build)


def identifiers(text: str) -> tuple[str, ...]:
    """Return what stands between dots, sortable; no text gives no identifiers."""
    if not text:
        return ()
    return tuple(
        _NUMERIC + number(part) if part.isascii() and part.isdigit() else _TEXT + part
        for part in text.split(".")
    )
