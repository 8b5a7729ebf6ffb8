"""Cargo's `Cargo.lock`, versions 1 to 4 (source: cargo, src/cargo/core/resolver/encode.rs).

A package without `source` is the project, a member of its workspace or a folder of the tree.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, listed, packages
from hullguard.inventory.documents import read_toml
from hullguard.model import Budget, Gap, Malformed


class _Lock(msgspec.Struct, frozen=True):
    version: int | None = None
    package: list[Any] | None = None


class _Entry(msgspec.Struct, frozen=True):
    name: str
    version: str
    source: str = ""


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `Cargo.lock` that come from a registry or a repository.

    Raises:
        Malformed: it is not TOML, or no lock file.
    """
    lock = read_toml(file, _Lock)
    if lock.version is None and lock.package is None:
        raise Malformed(file.path, "is no Cargo.lock: it has no version and no packages")
    return packages("cargo", file, budget, listed("package", lock.package or [], _Entry, _pin))


def _pin(entry: _Entry) -> Pin | None:
    return Pin(entry.name, entry.version) if entry.source else None
