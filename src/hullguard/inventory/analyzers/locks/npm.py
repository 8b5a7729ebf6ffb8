"""npm's `package-lock.json` and `npm-shrinkwrap.json`, lock versions 1 to 3.

Versions 2 and 3 list `packages` by the folder they are installed to; version 2 repeats them as
the nested `dependencies` of version 1, for old npm (source: npm, package-lock.json(5)).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, any_licence, packages
from hullguard.inventory.documents import read_json, shaped
from hullguard.model import Budget, Gap, Malformed

_FOLDER = "node_modules/"
_ADDRESS = (":", "/")  # in a version of lock version 1: git, GitHub shorthand, tarball
_LOCAL = ("file:", "link:")


class _Lock(msgspec.Struct, frozen=True, rename="camel"):
    lockfile_version: Any = None
    packages: dict[str, msgspec.Raw] | None = None
    dependencies: msgspec.Raw = msgspec.Raw()


class _Installed(msgspec.Struct, frozen=True, rename="camel"):
    """A value of `packages`."""

    name: str = ""  # only if the folder is called otherwise: an alias
    version: str = ""
    resolved: Any = None
    link: bool = False
    dev: bool = False
    optional: bool = False
    dev_optional: bool = False  # needed by something optional too
    license: Any = None


class _Nested(msgspec.Struct, frozen=True):
    """A value of `dependencies`."""

    version: str = ""
    dev: bool = False
    optional: bool = False
    dependencies: dict[str, Any] = {}


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `package-lock.json`, aliases under their real names.

    Raises:
        Malformed: it is not JSON, or no lock file.
    """
    lock = read_json(file, _Lock)
    if lock.packages is not None:
        return packages("npm", file, budget, _installed(lock.packages))
    if not lock.dependencies and lock.lockfile_version is None:
        raise Malformed(file.path, "is no npm lock file: it has no packages and no dependencies")
    return packages("npm", file, budget, _nested(file.path, lock.dependencies))


def _installed(entries: dict[str, msgspec.Raw]) -> Iterator[Pin | Gap]:
    for path, raw in entries.items():
        _, folder, name = path.rpartition(_FOLDER)
        if not folder:  # the project, a member of its workspace, a folder it links to
            continue
        entry = shaped(raw, _Installed, f"package {path}")
        if isinstance(entry, Gap):
            yield entry
        elif not entry.link and (entry.version or entry.resolved):
            yield Pin(entry.name or name, entry.version, _scope(entry), any_licence(entry.license))


def _scope(entry: _Installed | _Nested) -> str:
    if entry.dev:
        return "dev"
    if entry.optional or (isinstance(entry, _Installed) and entry.dev_optional):
        return "optional"
    return ""


def _nested(path: str, dependencies: msgspec.Raw) -> Iterator[Pin | Gap]:
    """Yield the packages of lock version 1; what lies inside a package shares its scope."""
    entries = shaped(dependencies or {}, dict[str, Any], "dependencies")
    if isinstance(entries, Gap):
        raise Malformed(path, f"{entries.where} {entries.why}")
    waiting = [(entries, "")]
    while waiting:
        entries, around = waiting.pop()
        for name, value in entries.items():
            entry = shaped(value, _Nested, f"dependency {name}")
            if isinstance(entry, Gap):
                yield entry
                continue
            scope = _scope(entry) or around
            waiting.append((entry.dependencies, scope))
            yield from _named(name, entry.version, scope)


def _named(name: str, version: str, scope: str) -> Iterator[Pin]:
    """Read what lock version 1 writes for a version: a version, an alias, or an address."""
    if version.startswith("npm:"):
        real, _, real_version = version.removeprefix("npm:").rpartition("@")
        yield Pin(real, real_version, scope)
    elif any(mark in version for mark in _ADDRESS):
        if not version.startswith(_LOCAL):
            yield Pin(name, "", scope)
    else:
        yield Pin(name, version, scope)
