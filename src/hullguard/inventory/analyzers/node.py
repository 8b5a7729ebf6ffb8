"""Installed npm packages: the `package.json` that stands directly in a `node_modules` folder.

That is where Node.js looks for packages, pnpm's store (`.pnpm/NAME@VERSION/node_modules/NAME`) and
Yarn's unplugged folders included. The name is the file's, not the folder's, since a package can be
installed under an alias. Files of this name deeper inside a package mark parts of it, templates
and test data, so they are no packages. (Source: Node.js, "Loading from node_modules folders"; npm,
package.json.)
"""

import re
from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.json_text import decode_json
from hullguard.inventory.licence import one_of
from hullguard.model import Budget, Malformed, Package

_FOLDER = "node_modules"
_NAME = re.compile(r"(?:@[^/@\s]+/)?[^/@\s]+")


class _Manifest(msgspec.Struct):
    name: str | None = None
    version: str | None = None
    license: object = None
    licenses: object = None  # before npm 1.2


def read(file: File, budget: Budget) -> Iterator[Found]:
    """Yield the package; a file without name or version only marks a folder.

    Raises:
        Malformed: the file is no JSON, or its name is none that npm allows.
        BudgetSpent: nothing is left.
    """
    if not _is_package(file.path):
        return
    budget.spend(file.path, entries=1)
    manifest = decode_json(file.data[:], _Manifest, file.path)
    if not manifest.name or not manifest.version:
        return
    if not _NAME.fullmatch(manifest.name):
        raise Malformed(file.path, f"names a package {manifest.name[:80]!r}, which npm forbids")
    yield Found(
        Package(
            type="npm",
            name=manifest.name,
            version=manifest.version,
            licence=one_of(_licences(manifest.license) or _licences(manifest.licenses)),
            path=file.path,
        )
    )


def _is_package(path: str) -> bool:
    """Tell whether this is node_modules/NAME/package.json, or the same with @SCOPE/NAME."""
    parts = path.split("/")[:-1]
    return parts[-2:-1] == [_FOLDER] or (parts[-3:-2] == [_FOLDER] and parts[-2].startswith("@"))


def _licences(value: object) -> list[str]:
    """Read all forms that npm ever allowed: a text, an object with a type, a list of either."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return _licences(value.get("type"))
    if isinstance(value, list):
        return [name for entry in value if not isinstance(entry, list) for name in _licences(entry)]
    return []
