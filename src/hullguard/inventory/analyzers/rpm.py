"""rpm's package database, in any of the three containers it has had.

`rpmdb.sqlite` (SQLite), `Packages.db` (NDB) and `Packages` (Berkeley DB) all hold the same
package headers; the bytes tell which container it is, not the name (source: rpm's lib/backend).

Left out is `gpg-pubkey`: the keys that rpm trusts, kept as if they were packages. An epoch of 0
that the header states is kept (`0:1.2-3`): rpm prints it, and it orders like none.
"""

from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.rpmdb import bdb, ndb, sqlite
from hullguard.inventory.rpmdb import header as tags
from hullguard.inventory.rpmdb.header import Header
from hullguard.model import MIB, Budget, BudgetSpent, Gap, Malformed, Package

_KEYS = "gpg-pubkey"
_NO_SOURCE = "(none)"
_PATHS_TO_HEADER = 16  # a path costs its header more bytes than this fraction of its length


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield every installed package with the files it owns, and a gap for each broken one.

    Raises:
        Malformed: the file is no rpm database.
        BudgetSpent: nothing is left.
    """
    for number, blob in enumerate(_blobs(file, budget), start=1):
        if isinstance(blob, Gap):
            yield blob
            continue
        try:
            yield from _found(blob, file.path, budget)
        except BudgetSpent:
            raise
        except Malformed as error:
            yield Gap(f"{file.path}, package {number}, {error.where}", error.why)


def _blobs(file: File, budget: Budget) -> Iterator[bytes | Gap]:
    beginning = file.data[: len(sqlite.MAGIC)]
    if beginning == sqlite.MAGIC:
        wal = file.beside.get(f"{file.name}-wal", b"")
        return sqlite.blobs(file.data, file.path, budget, wal)
    if beginning.startswith(ndb.MAGIC):
        return ndb.blobs(file.data, file.path, budget)
    if bdb.recognise(file.data):
        return bdb.blobs(file.data, file.path, budget)
    raise Malformed(file.path, "is no rpm database: neither SQLite, NDB nor a Berkeley DB hash")


def _found(blob: bytes, path: str, budget: Budget) -> Iterator[Found]:
    header = Header(blob)
    name = header.text(tags.NAME)
    if name == _KEYS:
        return
    package = _package(header, name, path)
    owns = _owned(header, len(blob))
    budget.spend(path, entries=len(owns))
    yield Found(package, owns)


def _package(header: Header, name: str, path: str) -> Package:
    version = header.text(tags.VERSION)
    if not name or not version:
        raise Malformed(name or "package header", "has no name" if not name else "has no version")
    build = "-".join(filter(None, (version, header.text(tags.RELEASE))))
    epoch = header.numbers(tags.EPOCH)
    source, source_version = split_source(header.text(tags.SOURCE_RPM))
    return Package(
        type="rpm",
        name=name,
        version=f"{epoch[0]}:{build}" if epoch else build,
        arch=header.text(tags.ARCH),
        source=source or name,
        source_version=source_version if source_version != build else "",
        licence=header.text(tags.LICENCE),
        vendor=header.text(tags.VENDOR),
        module=header.text(tags.MODULARITY),
        path=path,
    )


def split_source(file_name: str) -> tuple[str, str]:
    """Split `glibc-2.34-7.fc35.src.rpm` into name and version-release; both empty for none."""
    stem = file_name.removesuffix(".rpm").removesuffix(".src").removesuffix(".nosrc")
    name, _, release = stem.rpartition("-")
    name, _, version = name.rpartition("-")
    return (name, f"{version}-{release}") if name and file_name != _NO_SOURCE else ("", "")


def _owned(header: Header, size: int) -> tuple[str, ...]:
    """Return the package's paths: each base name in the folder that its number points to."""
    folders = [folder.lstrip("/") for folder in header.texts(tags.FOLDERS)]
    numbers = header.numbers(tags.FOLDER_OF_FILE)
    names = header.texts(tags.BASE_NAMES)
    if len(numbers) != len(names) or max(numbers, default=-1) >= len(folders):
        raise Malformed("file list", "names folders that are not there")
    lengths = [len(folder) for folder in folders]
    if sum(lengths[number] for number in numbers) > size * _PATHS_TO_HEADER + MIB:
        raise Malformed("file list", "grows far beyond the header that holds it")
    paths = (folders[number] + name for number, name in zip(numbers, names, strict=True))
    return tuple(filter(None, paths))
