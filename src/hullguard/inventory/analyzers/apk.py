"""Alpine's package database, `lib/apk/db/installed`.

A record ends at an empty line; each line is one case-sensitive letter, a colon and a value
(source: apk-tools, doc/apk-package.5 and src/database.c).
"""

from collections.abc import Iterable, Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.model import Budget, Gap, Package

Line = tuple[str, str]


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield every installed package with the files it owns, and a gap for each broken record.

    Paths are relative to the image's root and carry no leading slash.

    Raises:
        BudgetSpent: nothing is left.
    """
    budget.spend(file.path, bytes_=len(file.data))
    for number, record in _records(file.data[:].decode(errors="replace")):
        budget.spend(file.path, entries=1)
        fields = dict(record)
        if fault := _fault(fields):
            yield Gap(f"{file.path}, record ending at line {number}", fault)
            continue
        yield Found(_package(fields, file.path), owns=tuple(_files(record)))


def _fault(fields: dict[str, str]) -> str:
    """Tell what keeps a record from being a package; nothing, as a rule."""
    if any("\0" in value for value in fields.values()):
        return "holds binary data"
    missing = [letter for letter in "PV" if not fields.get(letter)]
    return f"has no {missing[0]} field" if missing else ""


def _package(fields: dict[str, str], path: str) -> Package:
    return Package(
        type="apk",
        name=fields["P"],
        version=fields["V"],
        arch=fields.get("A", ""),
        source=fields.get("o", fields["P"]),
        licence=fields.get("L", ""),
        path=path,
    )


def _records(text: str) -> Iterator[tuple[int, list[Line]]]:
    """Group the lines into records; the number is the line that ends the record."""
    record: list[Line] = []
    number = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line:
            letter, _, value = line.partition(":")
            record.append((letter, value))
        elif record:
            yield number, record
            record = []
    if record:
        yield number, record


def _files(record: Iterable[Line]) -> Iterator[str]:
    folder = ""
    for letter, value in record:
        if letter == "F":  # a folder; the R lines after it name files inside
            folder = value
        elif letter == "R":
            yield f"{folder}/{value}".lstrip("/")
