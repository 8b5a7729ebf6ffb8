"""FIRST's EPSS scores: a CSV file of all CVEs, one line each, new every day.

Source: www.first.org/epss/data_stats. The first line is a comment with the model and the date,
`#model_version:v2025.03.14,score_date:2026-11-23T12:55:00Z`, the second names the columns.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

from hullguard.advisories.feed import Document, Likelihood, Row, Stamp
from hullguard.advisories.names import CVE_ID
from hullguard.model import Budget, Gap, Malformed

_COLUMNS = b"cve,epss,percentile"
_DATE = re.compile(rb"score_date:([^,\s]+)")
_is_cve = re.compile(CVE_ID).match
_LONGEST = 4096  # bytes of a line; real ones have under 100
_AT_ONCE = 1000  # lines between two looks at the budget
_FIRST_LINE = 3


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - mirrors name it as they like
    """Tell the file by the start of its comment, or by its columns."""
    return head.startswith((b"#model_version:", _COLUMNS))


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield the date of the scores and every score, and a gap for each broken line.

    Raises:
        Malformed: the columns are not the known ones.
        BudgetSpent: there is more inside than is allowed.
    """
    comment = document.stream.readline(_LONGEST)
    columns = comment
    if comment.startswith(b"#"):
        columns = document.stream.readline(_LONGEST)
    if columns.strip() != _COLUMNS:
        found = columns.strip().decode(errors="replace") or "nothing"
        raise Malformed(document.name, f"should have the columns {_COLUMNS.decode()}, has {found}")
    yield _stamp(document.name, comment)
    yield from _rows(document.stream, document.name, budget)


def _stamp(name: str, comment: bytes) -> Row:
    date = _DATE.search(comment)
    if date is None:
        return Gap(name, "does not say of which day its scores are")
    return Stamp(date[1].decode("ascii", errors="replace"))


def _rows(stream: BinaryIO, name: str, budget: Budget) -> Iterator[Row]:
    lines = iter(lambda: stream.readline(_LONGEST), b"")
    for number, line in enumerate(lines):
        if number % _AT_ONCE == 0:
            budget.spend(name, entries=_AT_ONCE)
        try:
            yield _likelihood(line)
        except ValueError:
            where = f"{name}, line {number + _FIRST_LINE}"
            yield Gap(where, "is no CVE with two numbers from 0 to 1")


def _likelihood(line: bytes) -> Likelihood:
    cve, epss, percentile = line.split(b",")
    row = Likelihood(cve=cve.decode("ascii"), epss=float(epss), percentile=float(percentile))
    if not (0 <= row.epss <= 1 and 0 <= row.percentile <= 1 and _is_cve(row.cve)):
        raise ValueError(line)
    return row
