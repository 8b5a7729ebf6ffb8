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
from hullguard.inventory.json_text import read_small_json
from hullguard.inventory.licence import one_of
from hullguard.inventory.named import named
from hullguard.model import MIB, Budget, Gap, Malformed, Package

_LARGEST = 4 * MIB
_PLACE = re.compile(r"(?:^|/)node_modules/(?:@[^/]+/)?[^@/][^/]*/package\.json$")
_NAME = re.compile(r"(?:@[^/@\s]+/)?[^/@\s]+")


class _Manifest(msgspec.Struct):
    name: str | None = None
    version: str | None = None
    license: object = None
    licenses: object = None  # before npm 1.2


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the package; a file without name or version only marks a folder.

    Raises:
        Malformed: the file is no JSON, or its name is none that npm allows.
        BudgetSpent: nothing is left.
    """
    if not _PLACE.search(file.path):
        return
    budget.spend(file.path, entries=1)
    manifest = read_small_json(file, _Manifest, _LARGEST)
    if not manifest.name or not manifest.version:
        return
    if not _NAME.fullmatch(manifest.name):
        raise Malformed(file.path, f"names a package {manifest.name[:80]!r}, which npm forbids")
    yield named(
        Package(
            type="npm",
            name=manifest.name,
            version=manifest.version,
            licence=one_of(_licences(manifest.license) or _licences(manifest.licenses)),
            path=file.path,
        )
    )


def _licences(value: object) -> list[str]:
    """Read all forms that npm ever allowed: a text, an object with a type, a list of either."""
    entries = value if isinstance(value, list) else [value]
    names = (entry.get("type") if isinstance(entry, dict) else entry for entry in entries)
    return [name for name in names if isinstance(name, str)]
