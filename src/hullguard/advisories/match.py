"""Which advisories speak of an installed version, and which versions repair it. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from typing import NamedTuple

import msgspec

from hullguard.advisories.ecosystems import Query
from hullguard.advisories.entry import Entry, Span
from hullguard.advisories.versions import BYTE_SCHEMES, Key, byte_key, key
from hullguard.model import Status


class Order(msgspec.Struct, frozen=True):
    """What versions of one scheme sort by."""

    of_text: Callable[[str], Key]
    of_bound: Callable[[bytes], Key]  # as a shard stores it


class Voice(NamedTuple):
    """What one advisory says of one flaw of the version asked about."""

    entry: Entry
    ids: tuple[str, ...]
    affects: bool


class Hit(msgspec.Struct, frozen=True, gc=False):
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

    Of a version that nobody can tell, only what affects every version is known.

    Args:
        query: the package.
        entries: everything the advisories say of this name in this ecosystem.
        now: an instant; what was withdrawn later still holds.
    """
    order = _order(query.scheme)
    own = order.of_text(query.version) if is_version(query.scheme, query.version) else None
    heard = [
        (entry, _affects(entry, own, query.version, order))
        for entry in entries
        if _concerns(entry, query, now)
    ]
    if not any(affects for _, affects in heard):
        return
    voices: dict[str, list[Voice]] = {}
    for entry, affects in heard:
        for ids in entry.clusters:
            voices.setdefault(ids[0], []).append(Voice(entry, ids, affects))
    for _, told in sorted(voices.items()):
        yield from _hit(told, own, order)


def is_undecided(query: Query, entries: Iterable[Entry], now: str) -> bool:
    """Tell whether a verdict is missing because nobody can tell the package's version."""
    return not is_version(query.scheme, query.version) and any(
        _concerns(entry, query, now) and not entry.affects_all for entry in entries
    )


def is_version(scheme: str, version: str) -> bool:
    """Tell whether a text can be placed among versions: `(devel)` and `${revision}` cannot."""
    if not any("0" <= letter <= "9" for letter in version) or "${" in version:
        return False
    lowest, place = _LOWEST.get(scheme), _order(scheme).of_text
    return lowest is None or not place(version) < place(lowest)


# The lowest valid version of the orders that put below it what is none of theirs.
_LOWEST = {"composer": "0-dev", "pep440": "0.dev0", "semver": "0.0.0-0"}

_KEPT = 1 << 14

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
        and (entry.module == query.module or _is_of_module(entry.module, query.module))
    )


_EVERY_ARCH = frozenset({"", "all", "noarch"})


def _is_of_module(wanted: str, module: str) -> bool:
    """Compare modular builds with those of their stream; `*`: the source names no stream.

    A label is name:stream:version:context; where only the release of a package tells that it is
    modular, its stream is unknown and any will do.
    """
    if not wanted or not module:
        return False
    return "*" in (wanted, module) or f"{module}:".startswith(f"{wanted}:")


def _affects(entry: Entry, own: Key | None, version: str, order: Order) -> bool:
    """Tell whether an entry means a version, given what that sorts by; None: nobody knows."""
    if own is None:
        return entry.affects_all
    if not entry.spans and not entry.versions:
        return True
    for span in entry.spans:
        if _holds(span, own, order.of_bound):
            return True
    return version in entry.versions or any(own == order.of_text(each) for each in entry.versions)


def _holds(span: Span, own: Key, place: Callable[[bytes], Key]) -> bool:
    if span.introduced and own < place(span.introduced):
        return False
    if span.fixed:
        return own < place(span.fixed)
    return not span.last or not own > place(span.last)


def _without_stale(voices: list[Voice]) -> list[Voice]:
    """Leave out records that were not told of a fix that another record of the flaw knows."""
    if len(voices) == 1 or not any(voice.entry.fixes for voice in voices):
        return voices
    return [each for each in voices if each.entry.fixes or not each.entry.has_no_end]


def _hit(voices: list[Voice], own: Key | None, order: Order) -> Iterator[Hit]:
    """Yield what the records of one flaw say together, if any of them means the version."""
    heard = _without_stale(voices)
    affecting = [voice for voice in heard if voice.affects]
    if not affecting:
        return
    newer, older = _fixes(heard, own, order)
    beside = tuple(voice.entry.fix for voice in affecting if voice.entry.fix)
    yield Hit(
        ids=_ids(affecting),
        entries=tuple([voice.entry for voice in affecting]),
        status=_status(affecting, can_be_fixed=bool(newer or beside)),
        fixed_in=(*newer, *older, *(fix for fix in beside if fix not in newer)),
    )


def _ids(voices: Sequence[Voice]) -> tuple[str, ...]:
    """Join the names of a flaw; an erratum's own id comes last."""
    if len(voices) == 1 and voices[0].entry.id in voices[0].ids:
        return voices[0].ids
    ids = dict.fromkeys(name for voice in voices for name in voice.ids)
    return tuple(ids | dict.fromkeys(voice.entry.id for voice in voices))


def _fixes(
    voices: Sequence[Voice], own: Key | None, order: Order
) -> tuple[Sequence[str], Sequence[str]]:
    """Return the fixes that none of the records calls affected: newer ones, and older ones.

    The nearest come first. A version that nobody can tell comes before all others.
    """
    if len(voices) == 1 and len(voices[0].entry.spans) == 1:
        return voices[0].entry.fixes, ()  # as most are; the one fix lies outside the one span
    entries = [voice.entry for voice in voices]
    fixes = [s for e in entries if e.status is Status.FIXED for s in e.spans if s.fixed]
    places = {order.of_bound(span.fixed): span for span in fixes}
    safe = {place: s.text for place, s in places.items() if not _means(entries, place, s, order)}
    newer = sorted(place for place in safe if own is None or place > own)
    older = sorted(safe.keys() - set(newer), reverse=True)
    return [safe[place] for place in newer], [safe[place] for place in older]


def _means(entries: Iterable[Entry], place: Key, fix: Span, order: Order) -> bool:
    return any(_affects(entry, place, fix.text, order) for entry in entries)


def _status(voices: Sequence[Voice], *, can_be_fixed: bool) -> Status:
    """Return "fixed" where a newer version repairs it, else the best that a source says."""
    if can_be_fixed:
        return Status.FIXED
    best = min((voice.entry.status for voice in voices), key=_BEST_KNOWN.__getitem__)
    return Status.AFFECTED if best is Status.FIXED else best


@cache
def _order(scheme: str) -> Order:
    """Return the order of a scheme; bounds recur from advisory to advisory, so keys are kept."""
    if scheme in BYTE_SCHEMES:
        return Order(partial(byte_key, scheme), bytes)
    of_text = lru_cache(maxsize=_KEPT)(partial(key, scheme))
    return Order(
        of_text, lru_cache(maxsize=_KEPT)(lambda bound: of_text(bound.decode(errors="replace")))
    )
