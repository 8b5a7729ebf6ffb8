"""From an advisory to what a match shard stores of it."""

from collections.abc import Iterable, Iterator
from functools import partial

import msgspec

from hullguard.advisories.aliases import Clusters, id_order, names_of
from hullguard.advisories.dates import instant
from hullguard.advisories.ecosystems import scheme_of
from hullguard.advisories.entry import Entry, Span
from hullguard.advisories.names import normalised
from hullguard.advisories.versions import BYTE_SCHEMES, byte_key
from hullguard.model import Advisory, Affected, Severity, Status

_LONG_AGO = "0001-01-01T00:00:00Z"
_DEBIAN_LISTS = ("DSA-", "DLA-")
_BUG_FIXES = ("ALBA-", "ALEA-")
_ROUTINE = (  # what Debian announces in its lists of security updates without being one
    "regression",
    "new upstream",
    "new package",
    "timezone",
    "bugfix",
    "database update",
    "end of life",
    "end-of-life",
)


class Placed(msgspec.Struct, frozen=True):
    """An entry, and the package it belongs to."""

    ecosystem: str
    name: str
    entry: Entry


def reduce(advisory: Advisory, clusters: Clusters) -> Iterator[Placed]:
    """Yield an advisory's entries: none, where it speaks of no flaw or judges no version."""
    if is_no_flaw(advisory):
        return
    flaws = _flaws(advisory, clusters)
    for affected in advisory.affected:
        if affected.status is not Status.UNKNOWN:
            name = normalised(affected.ecosystem, affected.name)
            yield Placed(affected.ecosystem, name, _entry(advisory, affected, flaws))


def is_no_flaw(advisory: Advisory) -> bool:
    """Tell errata that repair no flaw: AlmaLinux's bug fixes, Debian's repairs of a repair.

    A security erratum without a CVE is a flaw under its own id.
    """
    if names_of(advisory).flaws:
        return False
    if advisory.id.startswith(_DEBIAN_LISTS):
        is_first = advisory.id.endswith("-1")
        return not is_first or any(word in advisory.title.lower() for word in _ROUTINE)
    return advisory.id.startswith(_BUG_FIXES)


def settled(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield the entries of one package that a scan needs.

    What says "not affected" is needed no more once it has overruled others. Debian's tracker
    knows more than its announcements (DSA, DLA) do, which are never changed afterwards: of a flaw
    that both speak of, the tracker's word counts, so the announcements are left with the flaws
    and the old releases that the tracker does not list. Among announcements nothing is left out,
    so a later one can raise the version that is safe and never lower it.
    """
    entries = list(entries)
    tracked = {
        cluster[0]
        for entry in entries
        if not entry.id.startswith(_DEBIAN_LISTS)
        for cluster in entry.clusters
    }
    for entry in entries:
        if entry.status is Status.NOT_AFFECTED:
            continue
        if entry.id.startswith(_DEBIAN_LISTS):
            yield from _without(entry, tracked)
        else:
            yield entry


def _without(entry: Entry, tracked: set[str]) -> Iterator[Entry]:
    left = tuple(cluster for cluster in entry.clusters if cluster[0] not in tracked)
    if left:
        yield msgspec.structs.replace(entry, flaws=left)


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
        ratings=tuple((s.source, s.vector, s.score, s.severity) for s in advisory.scores),
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
