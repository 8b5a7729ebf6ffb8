"""Installed Python packages: `*.dist-info/METADATA`, `*.egg-info` and eggs, zipped or not.

The headers are those of an e-mail (source: Python's core metadata specification). The standard
library's parser is slow and reads the description too, so the few fields are picked out here.
Real files are sloppy: field names in any case, values that go on without indentation, repeated
fields, of which the first counts as it does for pip.
"""

from collections.abc import Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.licence import listed
from hullguard.inventory.named import named
from hullguard.inventory.zip_archive import content, members
from hullguard.model import MIB, Budget, Gap, Malformed, Package

_MOST_HEADERS = MIB  # bytes that are looked at; the description behind them may be longer
_IN_EGG = b"egg-info/pkg-info"
_CLASSIFIER = "License ::"
_LEFT_OVER = "/~"  # how pip names what it failed to remove; it takes no notice of it afterwards
_NOTHING = frozenset({"", "UNKNOWN"})

Headers = dict[str, list[str]]


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the package that the file speaks of.

    Raises:
        Malformed: there is no name or version, or an egg that is no archive.
        BudgetSpent: nothing is left.
    """
    if _LEFT_OVER in file.path:
        return
    budget.spend(file.path, entries=1)
    text = _from_egg(file, budget) if file.name.endswith(".egg") else file.data[:_MOST_HEADERS]
    headers = _headers(text.decode(errors="replace"))
    for needed in ("name", "version"):
        if not headers.get(needed, [""])[0]:
            raise Malformed(file.path, f"has no {needed.title()} field")
    yield named(
        Package(
            type="pypi",
            name=headers["name"][0],
            version=headers["version"][0],
            licence=_licence(headers),
            path=file.path,
        )
    )


def _from_egg(file: File, budget: Budget) -> bytes:
    for member in members(file.data, (_IN_EGG,), file.path, budget):
        return content(file.data, member, f"{file.path}!/{member.name}", budget, _MOST_HEADERS)
    raise Malformed(file.path, "is an egg without EGG-INFO/PKG-INFO")


def _headers(text: str) -> Headers:
    """Return the values of each field, by lower-cased name, up to the first empty line."""
    headers: Headers = {}
    values: list[str] = []
    for line in text.lstrip("\ufeff\r\n").split("\n"):
        name, colon, value = line.partition(":")
        if not line.strip():
            break
        if line[0] in " \t" and values:
            values[-1] += "\n" + line
        elif colon:
            values = headers.setdefault(name.strip().lower(), [])
            values.append(value.strip())
    return headers


def _licence(headers: Headers) -> str:
    """Return the SPDX expression, else the author's words, else what the classifiers say.

    Some authors put the whole text of a licence into the field; the classifiers are shorter.
    """
    expression = headers.get("license-expression", [""])[0]
    words = headers.get("license", [""])[0]
    classifiers = [
        value.rpartition("::")[2]
        for value in headers.get("classifier", [])
        if value.startswith(_CLASSIFIER)
    ]
    if expression or (words not in _NOTHING and "\n" not in words):
        return listed([expression or words])
    return listed(classifiers) or listed([words] if words not in _NOTHING else [])
