"""Installed PHP packages: Composer's `vendor/composer/installed.json`.

Composer 1 wrote a list, Composer 2 writes an object that also tells which packages only development
needs. The folder may have another name than `vendor`. (Source: composer/composer,
src/Composer/Repository/FilesystemRepository.php.)
"""

from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.documents import shaped
from hullguard.inventory.json_text import read_small_json
from hullguard.inventory.licence import one_of
from hullguard.inventory.named import named
from hullguard.model import MIB, Budget, Gap, Package

_LARGEST = 8 * MIB


class _Installed(msgspec.Struct):
    packages: list[msgspec.Raw]
    development: list[str] = msgspec.field(name="dev-package-names", default_factory=list)


class _Package(msgspec.Struct):
    name: str
    version: str
    license: str | list[str] | None = None


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield every package, and a gap for each broken record.

    Raises:
        Malformed: the file is no such list at all.
        BudgetSpent: nothing is left.
    """
    installed = _installed(file)
    development = frozenset(installed.development)
    for number, raw in enumerate(installed.packages):
        budget.spend(file.path, entries=1)
        record = shaped(raw, _Package, f"{file.path}, package {number}")
        if isinstance(record, Gap):
            yield record
        else:
            yield named(_package(record, file.path, development))


def _installed(file: File) -> _Installed:
    if file.data[:1] == b"[":  # Composer 1
        return _Installed(read_small_json(file, list[msgspec.Raw], _LARGEST))
    return read_small_json(file, _Installed, _LARGEST)


def _package(record: _Package, path: str, development: frozenset[str]) -> Package:
    licences = record.license or []
    return Package(
        type="composer",
        name=record.name,
        version=record.version,
        licence=one_of([licences] if isinstance(licences, str) else licences),
        scope="dev" if record.name in development else "",
        path=path,
    )
