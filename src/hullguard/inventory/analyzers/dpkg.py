"""Debian's package database: `var/lib/dpkg/status`, and `status.d` of distroless images.

A stanza ends at an empty line; a field is `Name: value`, its name in any case, and lines that
start with a blank continue the field above (source: deb-control(5), dpkg(1) on package states,
dpkg's lib/dpkg/parse.c). In `status.d` each file holds one stanza, without a Status field
(source: the distroless project).

Listed is what dpkg-query(1) lists, less what only has configuration files left: a package that
is unpacked, half-configured or waits for triggers has its files in place, and one that is
half-installed may have some.
"""

import re
from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.model import Budget, Gap, Package

_FIELD = re.compile(
    r"^(Package|Status|Version|Source|Architecture):(.*)", re.MULTILINE | re.IGNORECASE
)
_SOURCE = re.compile(r"(\S+)(?:\s+\((\S+)\))?")
_GONE = frozenset({"config-files", "not-installed"})
_STATES = _GONE | {
    "installed",
    "unpacked",
    "half-configured",
    "half-installed",
    "triggers-awaited",
    "triggers-pending",
}


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield every package whose files are there, and a gap for each stanza that makes no sense.

    Raises:
        BudgetSpent: nothing is left.
    """
    if file.name.endswith(".md5sums"):  # lies beside the stanza in status.d
        return
    budget.spend(file.path, bytes_=len(file.data))
    text = file.data[:].decode(errors="replace")
    for number, stanza in enumerate(text.split("\n\n"), start=1):
        if stanza and not stanza.isspace():
            budget.spend(file.path, entries=1)
            yield from _package(f"{file.path}, stanza {number}", stanza, file.path)


def _package(where: str, stanza: str, path: str) -> Iterator[Found | Gap]:
    if "\0" in stanza:
        yield Gap(where, "holds binary data")
        return
    fields = {name.lower(): value.strip() for name, value in _FIELD.findall(stanza)}
    name = fields.get("package", "")
    if not name:
        yield Gap(where, "has no Package field")
        return
    state = fields.get("status", "install ok installed").rpartition(" ")[2].lower()
    if state in _GONE:
        return
    if state not in _STATES:
        yield Gap(where, f"{name} is in the unknown state {state!r}; it is listed all the same")
    if not (version := fields.get("version", "")):
        yield Gap(where, f"{name} has no Version field")
        return
    yield Found(_found(fields, name, version, path))


def _found(fields: dict[str, str], name: str, version: str, path: str) -> Package:
    source, source_version = _source(fields.get("source", ""))
    return Package(
        type="deb",
        name=name,
        version=version,
        arch=fields.get("architecture", ""),
        source=source or name,
        source_version=source_version if source_version != version else "",
        path=path,
    )


def _source(field: str) -> tuple[str, str]:
    """Split `glibc (2.31-13+deb11u5)`; the version stands there only where it differs."""
    match = _SOURCE.match(field)
    return (match[1], match[2] or "") if match else ("", "")
