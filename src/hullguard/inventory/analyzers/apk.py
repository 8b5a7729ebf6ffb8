"""Alpine's package database, `lib/apk/db/installed`.

A record ends at an empty line; each line is one case-sensitive letter, a colon and a value
(source: apk-tools, doc/apk-package.5 and src/database.c).
"""

from collections.abc import Iterable, Iterator

from hullguard.inventory.analyzer import File, Found
from hullguard.model import Budget, Gap, Malformed, Package

Line = tuple[str, str]


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield every installed package with the files it owns, and a gap for each broken record.

    Paths are relative to the image's root and carry no leading slash.

    Raises:
        Malformed: the file is not text.
        BudgetSpent: nothing is left.
    """
    budget.spend(file.path, bytes_=len(file.data))
    data = file.data[:]
    if b"\0" in data:
        raise Malformed(file.path, "is not a package database: it holds binary data")
    for number, record in _records(data.decode(errors="replace")):
        budget.spend(file.path, entries=1)
        fields = dict(record)
        if missing := [letter for letter in "PV" if not fields.get(letter)]:
            where = f"{file.path}, record ending at line {number}"
            yield Gap(where, f"has no {missing[0]} field")
            continue
        yield Found(_package(fields, file.path), owns=tuple(_files(record)))


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
