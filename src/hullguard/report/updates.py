"""Which packages to update, and to what: the smallest version that fixes all that is listed."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from hullguard.model import Package, Severity
from hullguard.report.rows import Part, Row

Order = Callable[[str], Any]  # a version's place among those of its scheme


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do."""

    part: Part
    version: str  # what to update to
    removes: tuple[str, ...]  # rule ids
    severities: dict[Severity, int]  # of those, worst first, without zeros
    kev: bool
    packages: tuple[Package, ...]


def advise(rows: Sequence[Row]) -> list[Update]:
    """Return the updates, the most urgent first; what no version fixes yet is left out."""
    groups: dict[Part, list[Row]] = {}
    for row in rows:
        if row.fixed:
            groups.setdefault(row.part, []).append(row)
    return sorted((_update(part, group) for part, group in groups.items()), key=_urgency)


def smallest(scheme: str, fixes: Iterable[tuple[str, ...]]) -> str:
    """Return the smallest version that is free of every vulnerability.

    Args:
        scheme: the version order, as `hullguard.advisories.versions` names it.
        fixes: for each vulnerability the versions that fix it, the nearest to ours first.

    The nearest fixes alone may not do: 1.6 fixes the one flaw, 2.0.5 the other, but in the
    branch of 2.0.5 the first flaw was fixed only in 2.1. So the highest of the nearest fixes is
    raised for as long as a flaw is still in it.
    """
    lists = [versions for versions in dict.fromkeys(fixes) if versions]
    if len({versions[0] for versions in lists}) == 1 and max(map(len, lists)) == 1:
        return lists[0][0]
    key = _order(scheme)
    ordered = [sorted(versions, key=key) for versions in lists]
    best = max((versions[0] for versions in lists), key=key)
    while (needed := max((_free_from(best, each, key) for each in ordered), key=key)) != best:
        best = needed
    return best


def _free_from(version: str, fixes: list[str], key: Order) -> str:
    """Return the version if the flaw is not in it, else the next fix above it."""
    above = [fix for fix in fixes if key(fix) > key(version)]
    below = fixes[: len(fixes) - len(above)]
    if not above:
        return version
    if below and _kinship(version, below[-1]) > _kinship(version, above[0]):
        return version
    return above[0]


def _kinship(version: str, fix: str) -> int:
    """Count the leading numbers two versions share: those of one branch share the most."""
    pairs = zip(re.findall(r"\d+", version), re.findall(r"\d+", fix), strict=False)
    count = 0
    for ours, theirs in pairs:
        if ours != theirs:
            break
        count += 1
    return count


def _order(scheme: str) -> Order:
    from hullguard.advisories import versions  # noqa: PLC0415 - only where fixes differ

    return partial(versions.key, scheme)


def _update(part: Part, rows: list[Row]) -> Update:
    counts = {severity: sum(row.severity is severity for row in rows) for severity in Severity}
    packages = (package for row in rows for package in row.packages)
    fixes = (each.fixed_in for row in rows for each in row.evidence)
    return Update(
        part=part,
        version=smallest(part.scheme, fixes),
        removes=tuple(row.id for row in rows),
        severities={severity: count for severity, count in counts.items() if count},
        kev=any(row.kev for row in rows),
        packages=tuple(dict.fromkeys(packages)),
    )


def _urgency(update: Update) -> tuple[bool, list[int], str, str]:
    counts = [-update.severities.get(severity, 0) for severity in Severity]
    return (not update.kev, counts, update.part.name, update.part.version)
