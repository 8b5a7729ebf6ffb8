"""`pylock.toml` and `pylock.NAME.toml` (source: PEP 751, now the PyPA specification).

A package states no version where that would not hold, as for a repository or an archive.
Markers may ask for a dependency group, but are not evaluated: every package counts.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, listed, packages
from hullguard.inventory.documents import read_toml
from hullguard.model import Budget, Gap


class _Lock(msgspec.Struct, frozen=True, rename="kebab"):
    lock_version: str
    packages: list[Any]


class _Entry(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    directory: Any = None  # a folder of the tree


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `pylock.toml`.

    Raises:
        Malformed: it is not TOML, or lacks what the specification requires.
    """
    lock = read_toml(file, _Lock)
    return packages("pypi", file, budget, listed("packages", lock.packages, _Entry, _pin))


def _pin(entry: _Entry) -> Pin | None:
    return Pin(entry.name, entry.version) if entry.directory is None else None
