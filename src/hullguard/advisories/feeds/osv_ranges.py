"""From the events of an OSV record to ranges (source: OSV schema 1.7, "affected[].ranges")."""

import re
from collections.abc import Callable, Iterator, Sequence

from hullguard.advisories.feeds import osv_schema as osv
from hullguard.advisories.versions import Key
from hullguard.model import Range

Order = Callable[[str], Key]
"""Gives what a version sorts by."""

_FIRST = "0"  # "introduced": before every version
_ONE_PAIR = 2  # events, sorted as they come
_LAST_KNOWN = re.compile(r"(<=?)\s*([^\s,<>=]+)\s*$")


def usable(ranges: list[osv.Range] | None) -> Iterator[osv.Range]:
    """Leave out the ranges of Git commits."""
    return (each for each in ranges or () if each.type != "GIT")


def version_ranges(entry: osv.Affected, order: Order) -> Iterator[Range]:
    """Yield what all the ranges of versions of one package cover."""
    for each in usable(entry.ranges):
        events = each.events
        if len(events) > _ONE_PAIR:
            events = sorted(events, key=lambda event: _place(event, order))
        for range_ in _pairs(events):
            yield _up_to_last_known(range_, entry.database_specific)


def outside(listed: Sequence[str], ranges: tuple[Range, ...], order: Order) -> Iterator[str]:
    """Yield the listed versions that lie in none of the ranges."""
    bounds = [_bounds(each, order) for each in ranges]
    if (None, None, None) in bounds:
        return
    for version in listed:
        key = order(version)
        if not any(_within(key, each) for each in bounds):
            yield version


def _place(event: osv.Event, order: Order) -> tuple[bool, Key]:
    version = event.introduced or event.fixed or event.last_affected or _FIRST
    return event.introduced != _FIRST, order(version)


def _pairs(events: Sequence[osv.Event]) -> Iterator[Range]:
    """Pair each introduction with the bound that follows it; further bounds say nothing new.

    A range whose first event is a bound begins with the first version.
    """
    start = _FIRST if events and events[0].introduced is None and _bound(events[0]) else None
    for event in events:
        start = event.introduced if start is None else start
        if start is not None and _bound(event):
            last = "" if event.fixed else event.last_affected or ""
            yield Range(_begin(start), event.fixed or "", last)
            start = None
    if start is not None:
        yield Range(_begin(start))


def _begin(introduced: str) -> str:
    return "" if introduced == _FIRST else introduced


def _bound(event: osv.Event) -> str | None:
    return event.fixed or event.last_affected


def _up_to_last_known(range_: Range, database: osv.AffectedDatabase | None) -> Range:
    """End an open range where GitHub says that it knows no further: "<= 1.2", "< 2.0"."""
    known = database and database.last_known_affected_version_range
    if range_.fixed or range_.last_affected or not isinstance(known, str):
        return range_
    match = _LAST_KNOWN.search(known)
    if match is None:
        return range_
    operator, version = match.groups()
    if operator == "<=":
        return Range(range_.introduced, last_affected=version)
    return Range(range_.introduced, fixed=version)


Bounds = tuple[Key | None, Key | None, Key | None]


def _bounds(range_: Range, order: Order) -> Bounds:
    texts = range_.introduced, range_.fixed, range_.last_affected
    low, fixed, last = (order(text) if text else None for text in texts)
    return low, fixed, last


def _within(key: Key, bounds: Bounds) -> bool:
    low, fixed, last = bounds
    return (
        (low is None or not key < low)
        and (fixed is None or key < fixed)
        and (last is None or not key > last)
    )
