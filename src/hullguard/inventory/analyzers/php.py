"""Installed PHP packages: Composer's `vendor/composer/installed.json`.

Composer 1 wrote a list, Composer 2 writes an object that also tells which packages only development
needs. The folder may have another name than `vendor`. (Source: composer/composer,
src/Composer/Repository/FilesystemRepository.php.)
"""

from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.json_text import decode_json
from hullguard.inventory.licence import one_of
from hullguard.model import Budget, Gap, Malformed, Package


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
    installed = _installed(file.data[:], file.path)
    development = frozenset(installed.development)
    for number, raw in enumerate(installed.packages):
        budget.spend(file.path, entries=1)
        try:
            record = decode_json(raw, _Package, f"{file.path}, package {number}")
        except Malformed as error:
            yield Gap(error.where, error.why)
            continue
        yield Found(_package(record, file.path, development))


def _installed(text: bytes, where: str) -> _Installed:
    if text.lstrip().startswith(b"["):  # Composer 1
        return _Installed(decode_json(text, list[msgspec.Raw], where))
    return decode_json(text, _Installed, where)


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
