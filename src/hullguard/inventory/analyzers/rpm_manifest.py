"""The list of packages in images of Azure Linux (and CBL-Mariner) without an rpm database.

`var/lib/rpmmanifest/container-manifest-2` has one package a line, its fields apart by tabs:
name, version-release, install time, build time, vendor, epoch, size, architecture, epoch number,
source rpm; `(none)` stands for nothing (source: CBL-Mariner's toolkit, which writes it with
`rpm -qa --qf`).
"""

from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.rpm import split_source
from hullguard.model import Budget, Gap, Package

_FIELDS = 10
_NOTHING = "(none)"


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the package of each line, and a gap for each line of another shape.

    Raises:
        BudgetSpent: nothing is left.
    """
    budget.spend(file.path, bytes_=len(file.data))
    text = file.data[:].decode(errors="replace")
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            budget.spend(file.path, entries=1)
            yield _package(line.split("\t"), f"{file.path}, line {number}", file.path)


def _package(fields: list[str], where: str, path: str) -> Found | Gap:
    if any("\0" in field for field in fields):
        return Gap(where, "holds binary data")
    if len(fields) < _FIELDS:
        return Gap(where, f"has {len(fields)} fields, not {_FIELDS}")
    name, build, _, _, vendor, epoch, _, arch, _, source_rpm = map(_something, fields[:_FIELDS])
    if not name or not build:
        return Gap(where, "has no name or no version")
    source, source_version = split_source(source_rpm)
    return Found(
        Package(
            type="rpm",
            name=name,
            version=f"{epoch}:{build}" if epoch else build,
            arch=arch,
            source=source or name,
            source_version=source_version if source_version != build else "",
            vendor=vendor,
            path=path,
        )
    )


def _something(field: str) -> str:
    field = field.strip()
    return "" if field == _NOTHING else field
