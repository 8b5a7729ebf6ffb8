"""From an advisory to what a match shard stores of it."""

from collections.abc import Iterator
from functools import partial

import msgspec

from hullguard.advisories.aliases import Clusters, id_order, names_of
from hullguard.advisories.dates import instant
from hullguard.advisories.ecosystems import scheme_of
from hullguard.advisories.entry import Entry, Rating, Span
from hullguard.advisories.names import normalised
from hullguard.advisories.versions import BYTE_SCHEMES, byte_key
from hullguard.model import Advisory, Affected, Severity, Status

_LONG_AGO = "0001-01-01T00:00:00Z"
_SILENT = frozenset({Status.NOT_AFFECTED, Status.UNKNOWN})
_BUG_FIX = "bugfix"  # what feeds note on the packages of an erratum that names no flaw
_NO_SECURITY = ("ALBA-", "ALEA-")  # bug fixes and enhancements


class Placed(msgspec.Struct, frozen=True):
    """An entry, and the package it belongs to."""

    ecosystem: str
    name: str
    entry: Entry


def reduce(advisory: Advisory, clusters: Clusters) -> Iterator[Placed]:
    """Yield an advisory's entries: none where it speaks of no flaw, or finds none in a package."""
    if is_no_flaw(advisory):
        return
    flaws = _flaws(advisory, clusters)
    for affected in advisory.affected:
        if affected.status not in _SILENT:
            name = normalised(affected.ecosystem, affected.name)
            yield Placed(affected.ecosystem, name, _entry(advisory, affected, flaws))


def is_no_flaw(advisory: Advisory) -> bool:
    """Tell errata that repair no flaw: bug fixes, enhancements, new time zones.

    A security erratum that names no CVE is a flaw under its own id: it has a severity. So has,
    now and then, an AlmaLinux bug fix, which its id tells apart.
    """
    names_none = all(affected.note == _BUG_FIX for affected in advisory.affected)
    return names_none and (
        advisory.severity is Severity.INFO or advisory.id.startswith(_NO_SECURITY)
    )


def ratings_of(advisory: Advisory) -> tuple[Rating, ...]:
    """Return the scores in an advisory's record."""
    return tuple((each.source, each.vector, each.score, each.severity) for each in advisory.scores)


def _flaws(advisory: Advisory, clusters: Clusters) -> tuple[tuple[str, ...], ...]:
    several = names_of(advisory).flaws
    if several:
        found = {clusters.ids(flaw) for flaw in several}
        return tuple(sorted(found, key=lambda ids: id_order(ids[0])))
    ids = clusters.ids(advisory.id)
    return () if ids == (advisory.id,) else (ids,)


def _entry(advisory: Advisory, affected: Affected, flaws: tuple[tuple[str, ...], ...]) -> Entry:
    is_known = affected.severity is not Severity.UNKNOWN
    return Entry(
        id=advisory.id,
        source=advisory.source,
        status=affected.status,
        spans=tuple(_spans(affected)),
        versions=affected.versions,
        fix=affected.fixed,
        flaws=flaws,
        severity=affected.severity if is_known else advisory.severity,
        ratings=ratings_of(advisory),
        arches=affected.arches,
        module=affected.module,
        note=affected.note,
        withdrawn=_withdrawn(advisory),
    )


def _spans(affected: Affected) -> Iterator[Span]:
    scheme = scheme_of(affected.ecosystem)
    is_keyed = scheme in BYTE_SCHEMES
    bound = partial(byte_key, scheme) if is_keyed else str.encode
    for each in affected.ranges:
        low, fixed, last = (
            bound(version) if version else b""
            for version in (each.introduced, each.fixed, each.last_affected)
        )
        yield Span(low, fixed, last, each.fixed if is_keyed else "")


def _withdrawn(advisory: Advisory) -> str:
    """Return when; a date that cannot be read still means that it was withdrawn."""
    return (instant(advisory.withdrawn) or _LONG_AGO) if advisory.withdrawn else ""
