"""Alpine's security database, one JSON file a branch and repository; Wolfi's has the same form.

Source: secdb.alpinelinux.org and gitlab.alpinelinux.org/alpine/infra/docker/secdb. It knows
fixes only, by origin package. A fix in version "0" means that the package never had the flaw.
"""

import re
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from hullguard.advisories.feed import Document, Row
from hullguard.advisories.json_records import decoded, keys_in
from hullguard.advisories.names import alpine_release
from hullguard.model import Advisory, Affected, Budget, Gap, Malformed, Range, Status

_T = TypeVar("_T")
_NEVER = "0"
_DISTRIBUTIONS = {  # a part of the address that packages come from
    "alpinelinux.org": "alpine",
    "packages.cgr.dev/chainguard": "chainguard",
    "packages.wolfi.dev": "wolfi",
}
_CVE = re.compile(r"CVE[-_ ](\d{4}-\d{4,})", re.IGNORECASE)  # "CVE-2017-8073.patch" is one too
_OTHER = re.compile(r"[A-Za-z]+-\S*\d\S*")  # XSA-207, GHSA-..., wnpa-sec-2017-18


class _Empty(msgspec.Struct, forbid_unknown_fields=True):
    """What Lua makes of an empty list: {}."""


class _Package(msgspec.Struct):
    name: str
    secfixes: dict[str, list[str] | _Empty | None] | None = None


class _Entry(msgspec.Struct):
    pkg: _Package


class _Database(msgspec.Struct):
    urlprefix: str
    packages: list[msgspec.Raw] | _Empty | None
    distroversion: str = ""


_DATABASE = msgspec.json.Decoder(_Database)
_ENTRY = msgspec.json.Decoder(_Entry)


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - all are called main.json
    """Tell a database by its keys, whichever of them come first."""
    keys = keys_in(head)
    return b"packages" in keys and (b'"pkg"' in head or b"urlprefix" in keys)


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield an advisory a flaw, with every package that the file names for it.

    Raises:
        Malformed: the file is no such database, or of a distribution unheard of.
        BudgetSpent: there is more inside than is allowed.
    """
    database = decoded(_DATABASE, document.stream.read(), document.name)
    distribution = _distribution(database, document.name)
    release = alpine_release(database.distroversion)
    ecosystem = f"{distribution}:{release}" if release else distribution
    flaws: dict[str, list[Affected]] = {}
    for entry in _entries(database, document.name, budget):
        if isinstance(entry, Gap):
            yield entry
            continue
        yield from _unnamed(entry.pkg, document.name)
        for flaw, affected in _affected(entry.pkg, ecosystem):
            flaws.setdefault(flaw, []).append(affected)
    for flaw, rows in flaws.items():
        yield Advisory(id=flaw, source=distribution, affected=tuple(rows))


def _distribution(database: _Database, name: str) -> str:
    for part, distribution in _DISTRIBUTIONS.items():
        if part in database.urlprefix:
            return distribution
    raise Malformed(
        name, f"is of a distribution unknown here, with packages at {database.urlprefix}"
    )


def _entries(database: _Database, name: str, budget: Budget) -> Iterator[_Entry | Gap]:
    for number, raw in enumerate(_listed(database.packages), start=1):
        budget.spend(name, entries=1)
        try:
            yield decoded(_ENTRY, raw, f"{name}, package {number}")
        except Malformed as error:
            yield Gap(error.where, error.why)


def _listed(value: "list[_T] | _Empty | None") -> "list[_T]":
    return value if isinstance(value, list) else []


def _unnamed(package: _Package, name: str) -> Iterator[Gap]:
    for texts in (package.secfixes or {}).values():
        for text in _listed(texts):
            if not any(_flaws(text)):
                yield Gap(
                    f"{name}, {package.name}", f"a fix of {text!r} names no known kind of flaw"
                )


def _affected(package: _Package, ecosystem: str) -> Iterator[tuple[str, Affected]]:
    """Yield (flaw, what it means for the package); a fix outdoes "never had it"."""
    fixes: dict[str, dict[str, str]] = {}
    for version, texts in (package.secfixes or {}).items():
        for text in _listed(texts):
            for flaw, note in _flaws(text):
                fixes.setdefault(flaw, {})[version] = note
    for flaw, notes in fixes.items():
        ranges = tuple(Range(fixed=version) for version in notes if version != _NEVER)
        yield (
            flaw,
            Affected(
                ecosystem=ecosystem,
                name=package.name,
                status=Status.FIXED if ranges else Status.NOT_AFFECTED,
                ranges=ranges,
                note=next(filter(None, notes.values()), ""),
            ),
        )


def _flaws(text: str) -> Iterator[tuple[str, str]]:
    """Yield (flaw, note) of a text such as "CVE-2017-10913 XSA-218".

    The second name is a note, no alias: XSA-218 is two CVEs.
    """
    numbers = _CVE.findall(text)
    others = _OTHER.findall(_CVE.sub("", text))
    if numbers:
        return ((f"CVE-{number}", " ".join(others)) for number in numbers)
    return ((other, "") for other in others)
