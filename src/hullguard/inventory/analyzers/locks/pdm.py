"""PDM's `pdm.lock` (source: pdm, src/pdm/project/lockfile/pdmlock.py).

`groups` names the dependency groups that need a package; `default` is the project itself.
Whether another group is for developers or an extra stands in pyproject.toml only, so every
other one counts as optional, except for one called `dev`.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.locks.pins import Pin, listed, packages
from hullguard.inventory.documents import read_toml
from hullguard.model import Budget, Gap, Malformed

_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2")


class _Lock(msgspec.Struct, frozen=True):
    package: list[Any] | None = None
    metadata: Any = None


class _Entry(msgspec.Struct, frozen=True):
    name: str
    version: str = ""
    groups: tuple[str, ...] = ("default",)
    path: str = ""  # an archive or a folder of the tree


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the packages of a `pdm.lock`.

    Raises:
        Malformed: it is not TOML, or no lock file.
    """
    lock = read_toml(file, _Lock)
    if lock.package is None and lock.metadata is None:
        raise Malformed(file.path, "is no pdm.lock: it has no packages and no metadata")
    return packages("pypi", file, budget, listed("package", lock.package or [], _Entry, _pin))


def _pin(entry: _Entry) -> Pin | None:
    folder = entry.path and not entry.path.endswith(_ARCHIVES)
    return None if folder else Pin(entry.name, entry.version, _scope(entry.groups))


def _scope(groups: tuple[str, ...]) -> str:
    if "default" in groups:
        return ""
    return "dev" if "dev" in groups else "optional"
