"""Brings the ratings of CVEs up to date, year by year.

A year's feed holds all of the year; NVD's feed of changes holds those of the last eight days
(source: nvd.nist.gov/vuln/data-feeds). So a year that was renewed within a week only needs the
changes, and an older one is fetched whole.
"""

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hullguard.advisories.build import amend_ratings, build_ratings
from hullguard.advisories.dates import instant_of
from hullguard.advisories.fetched import Answer, Fetched, read_fetched, write_fetched
from hullguard.advisories.incoming import Arrival
from hullguard.advisories.plan import FIRST_YEAR, MODIFIED, RATINGS, year_source
from hullguard.advisories.presence import has_year, years_here
from hullguard.advisories.shard import ratings_shard, writing
from hullguard.advisories.upstream import Workshop, failure, sorting
from hullguard.model import Gap, GapKind, Malformed, Unreachable

_CHANGES_REACH_BACK = timedelta(days=7)


def update_ratings(years: Iterable[int], shop: Workshop) -> list[Gap]:
    """Bring years up to date, newest first; return what went wrong."""
    now = datetime.now(UTC)
    wanted = sorted({year for year in years if FIRST_YEAR <= year <= now.year}, reverse=True)
    whole = [year for year in wanted if not _is_recent(shop.db, year, now)]
    known = _known(shop.db)
    awaited = {year: _ask(year, known, shop) for year in whole}
    gaps = [gap for year in whole for gap in _take_year(year, awaited[year], now, shop)]
    if len(wanted) > len(whole):
        gaps += _take_changes(now, shop)
    return gaps


def note_years(
    db: Path, at: str, years: Iterable[int], answers: Mapping[str, Answer], *, forget: str = ""
) -> None:
    """Note that years are up to date, and what the upstream said of their files.

    Each year has a note of its own, which says only how old it is; what upstreams said stands
    together in that of the family. `forget` names a file that has to be fetched anew.
    """
    feeds = {**_known(db), **answers}
    feeds.pop(forget, None)
    with writing(db):
        write_fetched(db, Fetched(family=RATINGS, at=at, feeds=feeds))
        for year in years:
            write_fetched(db, Fetched(family=ratings_shard(year), at=at))


def _is_recent(db: Path, year: int, now: datetime) -> bool:
    """Tell whether a year is here whole, and lacks no more than the feed of changes holds."""
    note = read_fetched(db, ratings_shard(year))
    if note is None or not has_year(db, year):
        return False
    return now - datetime.fromisoformat(note.at) < _CHANGES_REACH_BACK


def _known(db: Path) -> Mapping[str, Answer]:
    note = read_fetched(db, RATINGS)
    return note.feeds if note else {}


def _ask(year: int, known: Mapping[str, Answer], shop: Workshop) -> Future[Arrival]:
    source = year_source(year, shop.addresses)
    return shop.incoming.ask(source, known.get(source.name) if has_year(shop.db, year) else None)


def _take_year(year: int, awaited: Future[Arrival], now: datetime, shop: Workshop) -> Iterator[Gap]:
    """Wait for a year's feed and build it, if it has changed."""
    try:
        arrival = awaited.result()
        if arrival.path:
            with sorting(arrival.source.name, [arrival], shop) as found:
                build_ratings(year, found, shop.db)
        answers = {arrival.source.name: arrival.answer}
        # changes from before this year was here have to be put into it, too
        forget = year_source(MODIFIED, shop.addresses).name if arrival.path else ""
        note_years(shop.db, instant_of(now), [year], answers, forget=forget)
        shop.incoming.clear([arrival.source.name])
    except (Unreachable, Malformed) as fault:
        kind = GapKind.OUTDATED if has_year(shop.db, year) else GapKind.UNRATED
        yield failure(f"scores of {year}", fault, kind=kind)


def _take_changes(now: datetime, shop: Workshop) -> Iterator[Gap]:
    """Put what has changed into every year that lacks no more than that."""
    source = year_source(MODIFIED, shop.addresses)
    years = [year for year in years_here(shop.db) if _is_recent(shop.db, year, now)]
    try:
        arrival = shop.incoming.ask(source, _known(shop.db).get(source.name)).result()
        if arrival.path:
            with sorting(source.name, [arrival], shop) as found:
                amend_ratings(found, shop.db)
        note_years(shop.db, instant_of(now), years, {source.name: arrival.answer})
        shop.incoming.clear([source.name])
    except (Unreachable, Malformed) as fault:
        yield failure("changed scores", fault, kind=GapKind.OUTDATED)
