"""Brings families up to date from the sites that publish them.

A family is built from all of its files, so that a change in one means having the others, too.
Whatever fails leaves the shard that is there as it is.
"""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from hullguard.advisories.build import build_family
from hullguard.advisories.dates import instant_of
from hullguard.advisories.feed import Document
from hullguard.advisories.fetched import Answer, Fetched, read_fetched, write_fetched
from hullguard.advisories.incoming import Arrival, Incoming, Show
from hullguard.advisories.intake import LIMITS
from hullguard.advisories.plan import Addresses, Source, releases_of, sources_of, spoken_of
from hullguard.advisories.presence import family_contents
from hullguard.advisories.shard import writing
from hullguard.advisories.unpack import unpacked
from hullguard.model import Budget, Gap, GapKind, HullguardError, Malformed, Unreachable
from hullguard.transport.answers import Missing


class Workshop(msgspec.Struct, frozen=True, kw_only=True):
    """Where files arrive and shards are built."""

    db: Path
    incoming: Incoming
    addresses: Addresses
    show: Show


class _Order(msgspec.Struct, frozen=True, kw_only=True):
    """A family whose files are on their way."""

    family: str
    asked: Collection[str]  # releases
    at: str
    known: Mapping[str, Answer]  # files that the shard here was built from; empty: there is none
    awaited: Mapping[Source, Future[Arrival]]


def update_families(wanted: Mapping[str, Collection[str]], shop: Workshop) -> list[Gap]:
    """Bring families, each with the releases named, up to date; return what went wrong."""
    orders = [_order(family, asked, shop) for family, asked in wanted.items()]
    return [gap for order in orders for gap in _settle(order, shop)]


def failure(where: str, fault: HullguardError, *, kind: GapKind) -> Gap:
    """Say that something could not be brought here; `OUTDATED` means that an older one is."""
    what, _, advice = str(fault).partition("\n")
    outcome = (
        "could not be renewed, so the older ones stay"
        if kind is GapKind.OUTDATED
        else "could not be fetched"
    )
    return Gap(where, f"{outcome}: {what.rstrip('.')}", kind, advice.replace("\n", " "))


@contextmanager
def sorting(what: str, arrivals: Sequence[Arrival], shop: Workshop) -> Iterator[Iterator[Document]]:
    """Open what arrived, to be built; files that make no sense are thrown away afterwards."""
    shop.show.advance(what, f"{what}: sorting the advisories", 0, None)
    try:
        with closing(_documents(arrivals)) as found:
            yield found
    except Malformed:
        shop.incoming.clear(arrival.source.name for arrival in arrivals)
        raise
    finally:
        shop.show.finish(what)


def _documents(arrivals: Iterable[Arrival]) -> Generator[Document, None, None]:
    """Yield files under the addresses they came from, each open until the next."""
    for arrival in arrivals:
        name = arrival.source.url
        if arrival.path:
            budget = Budget(LIMITS)
            with arrival.path.open("rb") as packed, unpacked(packed, name, budget) as stream:
                yield Document(name=name, stream=stream)


def _order(family: str, asked: Collection[str], shop: Workshop) -> _Order:
    contents = family_contents(shop.db, family)
    note = read_fetched(shop.db, family) if contents else None
    known = note.feeds if note else {}
    now = datetime.now(UTC)
    releases = releases_of(family, asked, contents.coverage if contents else (), now.date())
    sources = sources_of(family, releases, shop.addresses)
    return _Order(
        family=family,
        asked=asked,
        at=instant_of(now),
        known=known,
        awaited={each: shop.incoming.ask(each, known.get(each.name)) for each in sources},
    )


def _settle(order: _Order, shop: Workshop) -> Iterator[Gap]:
    """Wait for a family's files and build it, if anything has changed."""
    arrivals: list[Arrival] = []
    absent: dict[str, Source] = {}
    try:
        for source, awaited in order.awaited.items():
            try:
                arrivals.append(awaited.result())
            except Missing:
                if not source.release:
                    raise
                absent.setdefault(source.release, source)
        yield from map(_no_such_release, absent.values())
        if not order.awaited:
            yield from map(_unheard_of, sorted(order.asked))
        if arrivals:
            _take(order, arrivals, shop)
    except (Unreachable, Malformed) as fault:
        there = family_contents(shop.db, order.family)
        kind = GapKind.OUTDATED if there else GapKind.NOT_COVERED
        yield failure(spoken_of(order.family), fault, kind=kind)


def _take(order: _Order, arrivals: Sequence[Arrival], shop: Workshop) -> None:
    names = {arrival.source.name for arrival in arrivals}
    if names != order.known.keys() or any(arrival.path for arrival in arrivals):
        arrivals = _build(order, arrivals, shop)
    feeds = {arrival.source.name: arrival.answer for arrival in arrivals}
    with writing(shop.db):
        write_fetched(shop.db, Fetched(family=order.family, at=order.at, feeds=feeds))
    shop.incoming.clear(arrival.source.name for arrival in arrivals)


def _build(order: _Order, arrivals: Sequence[Arrival], shop: Workshop) -> Sequence[Arrival]:
    """Fetch the files that have not changed, too, and build the family from all."""
    awaited = [None if arrival.path else shop.incoming.ask(arrival.source) for arrival in arrivals]
    whole = [
        future.result() if future else arrival
        for arrival, future in zip(arrivals, awaited, strict=True)
    ]
    with sorting(order.family, whole, shop) as found:
        build_family(order.family, found, shop.db)
    return whole


def _no_such_release(source: Source) -> Gap:
    return Gap(
        source.release.replace(":", " "),
        f"its distributor publishes no {source.url}",
        GapKind.NOT_COVERED,
    )


def _unheard_of(ecosystem: str) -> Gap:
    return Gap(ecosystem.replace(":", " "), "is no release known here", GapKind.NOT_COVERED)
