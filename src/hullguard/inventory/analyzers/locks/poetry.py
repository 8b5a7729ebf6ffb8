"""Poetry's `poetry.lock`, lock versions 1 and 2 (source: poetry, src/poetry/packages/locker.py).

What only developers need is told by `category` until Poetry 1.4 and by `groups` from 2.0 on;
between them the file does not tell.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, listed, packages
from hullguard.inventory.documents import read_toml
from hullguard.model import Budget, Gap, Malformed


class _Lock(msgspec.Struct, frozen=True):
    package: list[Any] | None = None
    metadata: Any = None


class _Source(msgspec.Struct, frozen=True):
    type: str = ""  # "directory": a folder of the tree


class _Entry(msgspec.Struct, frozen=True):
    name: str
    version: str
    category: str = "main"
    groups: tuple[str, ...] = ("main",)
    optional: bool = False
    source: _Source = _Source()


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `poetry.lock`.

    Raises:
        Malformed: it is not TOML, or no lock file.
    """
    lock = read_toml(file, _Lock)
    if lock.package is None and lock.metadata is None:
        raise Malformed(file.path, "is no poetry.lock: it has no packages and no metadata")
    return packages("pypi", file, budget, listed("package", lock.package or [], _Entry, _pin))


def _pin(entry: _Entry) -> Pin | None:
    folder = entry.source.type == "directory"
    return None if folder else Pin(entry.name, entry.version, _scope(entry))


def _scope(entry: _Entry) -> str:
    if entry.category != "main" or "main" not in entry.groups:
        return "dev"
    return "optional" if entry.optional else ""
