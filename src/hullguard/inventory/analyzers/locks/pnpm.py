"""pnpm's `pnpm-lock.yaml`, lock versions 5, 6 and 9.

`packages` lists what is installed, by a key that holds name and version:

- 5: `/@scope/name/1.2.3_peers`
- 6: `/@scope/name@1.2.3(peers)`
- 9: `@scope/name@1.2.3`, or `name@address` with a `version` field

A registry or git host may stand before the first slash; `name` and `version` fields then tell.
Versions 5 and 6 mark what only developers need; in 9 it is found by walking (`_Graph`). A file
may hold a second document that locks pnpm itself (source: pnpm, lockfile/types, deps/path).
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, nearer, packages
from hullguard.inventory.documents import shaped
from hullguard.inventory.yaml_documents import Node, read_yaml
from hullguard.model import Budget, Gap, Malformed

_WITH_SLASH = re.compile(r"(?:^|/)((?:@[^/@]+/)?[^/@]+)/(\d+\.\d[^/_]*)(?:_[^/]*)?$")
_WITH_AT = re.compile(r"^(?:[^@]*/)?((?:@[^/@]+/)?[^/@]+)@(.+)$")
_IS_KEY = re.compile(r"[^@:(]*@")  # a reference that is a key already, not a mere version

Texts = dict[str, str]


class _Locked(msgspec.Struct, frozen=True):
    """What is read of a value of `packages`; truth values are texts."""

    name: str = ""
    version: str = ""
    dev: str = ""
    optional: str = ""
    resolution: Any = None


class _Wanted(msgspec.Struct, frozen=True):
    version: str = ""


class _Importer(msgspec.Struct, frozen=True, rename="camel"):
    """A project of the workspace: what it needs at run time."""

    dependencies: dict[str, _Wanted] = {}
    optional_dependencies: dict[str, _Wanted] = {}


class _Snapshot(msgspec.Struct, frozen=True, rename="camel"):
    """A package together with its peers: what it needs."""

    dependencies: Texts = {}
    optional_dependencies: Texts = {}
    optional: str = ""


class _Graph(msgspec.Struct, frozen=True):
    """The part of lock version 9 that tells who needs what."""

    importers: dict[str, _Importer]
    snapshots: dict[str, _Snapshot]


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `pnpm-lock.yaml`, aliases under their real names.

    Raises:
        Malformed: it is not YAML, or no lock file.
    """
    documents = read_yaml(file)
    for lock in documents or [None]:
        if not isinstance(lock, dict) or "lockfileVersion" not in lock:
            raise Malformed(file.path, "is no pnpm-lock.yaml: it has no lockfileVersion")
        if not isinstance(lock.get("packages") or {}, dict):
            raise Malformed(file.path, "is no pnpm-lock.yaml: its packages are no mapping")
    return packages("npm", file, budget, (pin for lock in documents for pin in _pins(lock)))


def _pins(lock: dict[str, Node]) -> Iterator[Pin | Gap]:
    form = _WITH_SLASH if str(lock["lockfileVersion"]).startswith("5") else _WITH_AT
    scopes = _scopes(lock)
    for key, value in (lock.get("packages") or {}).items():
        entry = shaped(value or {}, _Locked, f"package {key}")
        if isinstance(entry, Gap):
            yield entry
        elif not _is_folder(entry.resolution):
            yield _pin(key, entry, form, scopes)


def _pin(key: str, entry: _Locked, form: re.Pattern[str], scopes: Texts) -> Pin | Gap:
    plain = key.partition("(")[0]
    match = form.search(plain)
    name, version = match.groups() if match else ("", "")
    if not (entry.name or name):
        return Gap(f"package {key}", "tells no name and version")
    stated = entry.version or (version if version[:1].isdigit() else "")  # else an address
    marked = "dev" if entry.dev == "true" else "optional" if entry.optional == "true" else ""
    return Pin(entry.name or name, stated, scopes.get(plain, marked))


def _is_folder(resolution: object) -> bool:
    return isinstance(resolution, dict) and resolution.get("type") == "directory"


def _scopes(lock: dict[str, Node]) -> Texts:
    """Return the scope of each key of `packages`, as far as lock version 9 lets it be known."""
    graph = shaped(lock, _Graph, "")
    if isinstance(graph, Gap):  # an older lock version
        return {}
    needed = _needed(graph)
    scopes: Texts = {}
    for key, snapshot in graph.snapshots.items():
        plain = key.partition("(")[0]
        scope = "optional" if snapshot.optional == "true" else ""
        scope = scope if key in needed else "dev"
        scopes[plain] = nearer(scopes.get(plain, scope), scope)
    return scopes


def _needed(graph: _Graph) -> set[str]:
    """Return the snapshots that some project needs at run time, or would use if it can."""
    waiting = [
        _key(name, wanted.version)
        for importer in graph.importers.values()
        for group in (importer.dependencies, importer.optional_dependencies)
        for name, wanted in group.items()
    ]
    needed: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in needed or key not in graph.snapshots:  # a link to a folder is no snapshot
            continue
        needed.add(key)
        snapshot = graph.snapshots[key]
        for group in (snapshot.dependencies, snapshot.optional_dependencies):
            waiting += [_key(name, reference) for name, reference in group.items()]
    return needed


def _key(name: str, reference: str) -> str:
    """Return the snapshot's key: a reference is one itself if another name is meant."""
    return reference if _IS_KEY.match(reference) else f"{name}@{reference}"
