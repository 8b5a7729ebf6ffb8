"""Pipenv's `Pipfile.lock` (source: pipenv, pipenv/project.py; the pipfile specification 6).

`default` and `develop` map names to entries; every other key but `_meta` is a category of the
user's own.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, packages
from hullguard.inventory.documents import read_json, shaped
from hullguard.model import Budget, Gap, Malformed

_SCOPES = {"default": "", "develop": "dev"}  # a category of the user's own: optional


class _Entry(msgspec.Struct, frozen=True):
    version: str = ""  # "==1.2.3"; absent for a repository, an address or a folder
    path: Any = None  # a folder of the tree


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `Pipfile.lock`.

    Raises:
        Malformed: it is not JSON, or no lock file.
    """
    lock = read_json(file, dict[str, msgspec.Raw])
    if not lock.keys() & {"_meta", *_SCOPES}:
        raise Malformed(file.path, "is no Pipfile.lock: it has no _meta, default or develop")
    return packages("pypi", file, budget, _pins(lock))


def _pins(lock: dict[str, msgspec.Raw]) -> Iterator[Pin | Gap]:
    for category, raw in lock.items():
        entries = shaped(raw, dict[str, msgspec.Raw], category)
        if isinstance(entries, Gap):
            yield entries
        elif category != "_meta":
            yield from _category(category, entries)


def _category(category: str, entries: dict[str, msgspec.Raw]) -> Iterator[Pin | Gap]:
    scope = _SCOPES.get(category, "optional")
    for name, raw in entries.items():
        entry = shaped(raw, _Entry, f"{category} {name}")
        if isinstance(entry, Gap):
            yield entry
        elif entry.path is None:
            yield Pin(name, entry.version.lstrip("="), scope)
