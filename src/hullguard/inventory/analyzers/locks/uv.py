"""uv's `uv.lock`, version 1 (source: uv, crates/uv-resolver/src/lock/).

Every package has one `source`: `virtual`, `editable` and `directory` are folders of the tree.
What only developers need, or an extra brings, is found by walking from those folders: they
alone name their `dependencies`, `optional-dependencies` and `dev-dependencies` (groups).
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, packages
from hullguard.inventory.documents import read_toml, shaped
from hullguard.model import Budget, Gap

_FOLDERS = {"virtual", "editable", "directory"}


class _Lock(msgspec.Struct, frozen=True):
    version: int
    package: list[Any] = []


class _Needed(msgspec.Struct, frozen=True):
    """One package that another needs."""

    name: str
    version: str = ""  # only where the lock holds several
    extra: list[str] = []


class _Entry(msgspec.Struct, frozen=True, rename="kebab"):
    name: str
    version: str = ""
    source: dict[str, Any] = {}
    dependencies: list[_Needed] = []
    optional_dependencies: dict[str, list[_Needed]] = {}
    dev_dependencies: dict[str, list[_Needed]] = {}


Needs = dict[tuple[str, str], list[_Needed]]
"""By name and extra, the empty extra standing for the package itself."""


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `uv.lock`.

    Raises:
        Malformed: it is not TOML, or no lock file.
    """
    lock = read_toml(file, _Lock)
    return packages("pypi", file, budget, _pins(lock.package))


def _pins(values: list[Any]) -> Iterator[Pin | Gap]:
    entries: list[_Entry] = []
    for number, value in enumerate(values):
        entry = shaped(value, _Entry, f"package[{number}]")
        if isinstance(entry, Gap):
            yield entry
        else:
            entries.append(entry)
    scopes = _scopes(entries)
    for entry in entries:
        if not _is_folder(entry):
            yield Pin(entry.name, entry.version, scopes.get(entry.name, ""))


def _is_folder(entry: _Entry) -> bool:
    return not _FOLDERS.isdisjoint(entry.source)


def _scopes(entries: list[_Entry]) -> dict[str, str]:
    """Return the scope of every name that the folders need, by the nearest way."""
    needs = _needs(entries)
    folders = [entry for entry in entries if _is_folder(entry)]
    scopes: dict[str, str] = {}
    for scope, roots in (
        ("", [need for folder in folders for need in folder.dependencies]),
        ("optional", _grouped(folder.optional_dependencies for folder in folders)),
        ("dev", _grouped(folder.dev_dependencies for folder in folders)),
    ):
        for name in _reached(needs, roots):
            scopes.setdefault(name, scope)
    return scopes


def _needs(entries: list[_Entry]) -> Needs:
    """Return what each package and each of its extras needs, all versions of a name together."""
    needs: Needs = {}
    for entry in entries:
        needs.setdefault((entry.name, ""), []).extend(entry.dependencies)
        for extra, needed in entry.optional_dependencies.items():
            needs.setdefault((entry.name, extra), []).extend(needed)
    return needs


def _grouped(tables: Iterable[dict[str, list[_Needed]]]) -> list[_Needed]:
    return [need for table in tables for group in table.values() for need in group]


def _reached(needs: Needs, roots: list[_Needed]) -> set[str]:
    """Return the names that are needed, directly or by what is needed."""
    waiting = roots
    seen: set[tuple[str, str]] = set()
    while waiting:
        need = waiting.pop()
        for part in {(need.name, extra) for extra in ("", *need.extra)} - seen:
            seen.add(part)
            waiting += needs.get(part, [])
    return {name for name, _ in seen}
