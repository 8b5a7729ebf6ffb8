"""Which advisories speak of an installed version, and which versions repair it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial

import msgspec

from hullguard.advisories.ecosystems import Query
from hullguard.advisories.entry import Entry, Span
from hullguard.advisories.versions import BYTE_SCHEMES, Key, byte_key, key
from hullguard.model import Status


class Order(msgspec.Struct, frozen=True):
    """What versions of one scheme sort by."""

    of_text: Callable[[str], Key]
    of_bound: Callable[[bytes], Key]  # as a shard stores it


class Hit(msgspec.Struct, frozen=True):
    """A flaw that an installed version has."""

    ids: tuple[str, ...]  # what it is reported under first
    entries: tuple[Entry, ...]  # the advisories that say so
    status: Status
    fixed_in: tuple[str, ...]  # the nearest newer version first, older branches last

    @property
    def rule(self) -> str:
        """The id it is reported under."""
        return self.ids[0]


def hits(query: Query, entries: Iterable[Entry], now: str) -> Iterator[Hit]:
    """Yield every flaw of the version asked about, once, sorted by what it is reported under.

    Of a version that nobody can tell, only what affects every version is known: see `is_open`.

    Args:
        query: the package.
        entries: everything the advisories say of this name in this ecosystem.
        now: an instant; what was withdrawn later still holds.
    """
    order, known = _order(query.scheme), is_version(query.scheme, query.version)
    for cluster in _clusters(entry for entry in entries if _concerns(entry, query, now)):
        telling = tuple(_without_stale(cluster))
        affecting = tuple(
            entry
            for entry in telling
            if (_affects(entry, query.version, order) if known else entry.affects_all)
        )
        if affecting:
            ids = _ids(affecting)
            fixes = _fixes(telling, query.version, order)
            yield Hit(ids, affecting, _status(affecting, fixes, query.version, order), fixes)


def is_undecided(query: Query, entries: Iterable[Entry], now: str) -> bool:
    """Tell whether a verdict is missing because nobody can tell the package's version."""
    return not is_version(query.scheme, query.version) and any(
        _concerns(entry, query, now) and not entry.affects_all for entry in entries
    )


def is_version(scheme: str, version: str) -> bool:
    """Tell whether a text can be placed among versions: `(devel)` and `${revision}` cannot."""
    if not any("0" <= letter <= "9" for letter in version) or "${" in version:
        return False
    lowest = _LOWEST.get(scheme)
    return lowest is None or not key(scheme, version) < key(scheme, lowest)


# The lowest valid version of the orders that put below it what is none of theirs.
_LOWEST = {"composer": "0-dev", "pep440": "0.dev0", "semver": "0.0.0-0"}

_BEST_KNOWN = {
    status: place
    for place, status in enumerate(
        (
            Status.FIXED,
            Status.AFFECTED,
            Status.FIX_DEFERRED,
            Status.WONT_FIX,
            Status.END_OF_LIFE,
            Status.UNDER_INVESTIGATION,
            Status.UNKNOWN,
            Status.NOT_AFFECTED,
        )
    )
}


def _concerns(entry: Entry, query: Query, now: str) -> bool:
    return (
        (not entry.withdrawn or entry.withdrawn > now)
        and (not entry.arches or query.arch in entry.arches or query.arch in _EVERY_ARCH)
        and _is_of_module(entry.module, query.module)
    )


_EVERY_ARCH = frozenset({"", "all", "noarch"})


def _is_of_module(wanted: str, module: str) -> bool:
    """Compare modular builds with those of their stream; `*`: the source names no stream.

    A label is name:stream:version:context; where only the release of a package tells that it is
    modular, its stream is unknown and any will do.
    """
    if not wanted or not module:
        return wanted == module
    return "*" in (wanted, module) or f"{module}:".startswith(f"{wanted}:")


def _clusters(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Group what speaks of the same flaw; an advisory may speak of several."""
    clusters: dict[str, list[Entry]] = {}
    for entry in entries:
        for ids in entry.clusters:
            one = (
                entry if len(entry.clusters) == 1 else msgspec.structs.replace(entry, flaws=(ids,))
            )
            clusters.setdefault(ids[0], []).append(one)
    return (clusters[rule] for rule in sorted(clusters))


def _about(entry: Entry, ids: tuple[str, ...]) -> Entry:
    """Return what an advisory says of one of its flaws."""
    return entry if len(entry.clusters) == 1 else msgspec.structs.replace(entry, flaws=(ids,))


def _without_stale(cluster: Sequence[Entry]) -> Iterator[Entry]:
    """Leave out records that were not told of a fix that another record of the flaw knows."""
    knows_a_fix = any(entry.fixes for entry in cluster)
    for entry in cluster:
        if not (knows_a_fix and entry.has_no_end and not entry.fixes):
            yield entry


def _ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    """Join the names of a flaw; an erratum's own id comes last."""
    ids = [name for entry in entries for name in entry.clusters[0]]
    return tuple(dict.fromkeys([*ids, *(entry.id for entry in entries)]))


def _affects(entry: Entry, version: str, order: Order) -> bool:
    if not entry.spans and not entry.versions:
        return True
    own = order.of_text(version)
    return any(_holds(span, own, order.of_bound) for span in entry.spans) or (
        version in entry.versions or any(order.of_text(each) == own for each in entry.versions)
    )


def _holds(span: Span, own: Key, place: Callable[[bytes], Key]) -> bool:
    if span.introduced and own < place(span.introduced):
        return False
    if span.fixed:
        return own < place(span.fixed)
    return not span.last or not own > place(span.last)


def _fixes(entries: Sequence[Entry], version: str, order: Order) -> tuple[str, ...]:
    """Return the fixes that none of the records calls affected: the next one, then the others."""
    safe = {
        order.of_text(fix): fix
        for entry in entries
        for fix in entry.fixes
        if not any(_affects(other, fix, order) for other in entries)
    }
    own = order.of_text(version)
    newer = sorted(place for place in safe if place > own)
    older = sorted((place for place in safe if not place > own), reverse=True)
    shown = [safe[place] for place in (*newer, *older)]
    return tuple(dict.fromkeys([*shown, *(entry.fix for entry in entries if entry.fix)]))


def _status(entries: Iterable[Entry], fixes: Sequence[str], version: str, order: Order) -> Status:
    """Return "fixed" where a newer version repairs it, else the best that a source says."""
    told = {entry.status for entry in entries}
    can_be_fixed = any(entry.fix for entry in entries) or (
        fixes and order.of_text(fixes[0]) > order.of_text(version)
    )
    if Status.FIXED in told or can_be_fixed:
        return Status.FIXED if can_be_fixed else Status.AFFECTED
    return min(told, key=_BEST_KNOWN.__getitem__)


@cache
def _order(scheme: str) -> Order:
    """Return the order of a scheme; versions recur from advisory to advisory, so keys are kept."""
    if scheme in BYTE_SCHEMES:
        return Order(partial(byte_key, scheme), bytes)
    of_text = lru_cache(maxsize=1 << 15)(partial(key, scheme))
    return Order(of_text, lambda bound: of_text(bound.decode()))
