"""Everything that a database knows about one flaw, for `hullguard explain`."""

from collections.abc import Iterable, Sequence

import msgspec

from hullguard.advisories.aliases import Clusters, cve_number, names_of
from hullguard.advisories.details import Text
from hullguard.advisories.entry import Entry
from hullguard.advisories.evidence import Known, cwes_of, published_of, rule_of
from hullguard.advisories.feed import Exploited, Likelihood
from hullguard.advisories.ratings import opinion
from hullguard.advisories.reduce import ratings_of
from hullguard.advisories.shelf import Shelf
from hullguard.model import Advisory, Rule, Score, Status


class Explanation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One flaw, as told by every record that names it."""

    rule: Rule  # its id is what findings are reported under
    ids: tuple[str, ...]  # every name it goes by
    severity_source: str = ""
    scores: tuple[Score, ...] = ()
    exploited: Exploited | None = None
    likely: Likelihood | None = None
    rejected: bool = False  # by those who assigned the CVE
    cwes: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    records: tuple[Advisory, ...] = ()  # with packages, ranges and fixes; by family


def explain(shelf: Shelf, name: str) -> Explanation | None:
    """Return what is stored under an id or alias, however its letters are cased; else None."""
    for spelling in dict.fromkeys((name, name.upper(), f"GHSA-{name[5:].lower()}")):
        records = _records(shelf, spelling)
        ids = _ids(spelling, records)
        known = _known(shelf, ids[0], records)
        if records or known.rated or known.exploited:
            return _explanation(ids, records, known)
    return None


def _records(shelf: Shelf, name: str) -> list[Advisory]:
    """Return the records of a flaw, following its aliases as far as they lead."""
    found: dict[tuple[str, str], Advisory] = {}
    asked: set[str] = set()
    while remaining := set(_ids(name, found.values())) - asked:
        for family in shelf.families():
            for each in remaining:
                found |= {(family, a.id): a for a in shelf.advisories(family, each)}
        asked |= remaining
    return [found[key] for key in sorted(found)]


def _ids(name: str, records: Iterable[Advisory]) -> tuple[str, ...]:
    return Clusters(map(names_of, records)).ids(name)


def _known(shelf: Shelf, rule: str, records: Iterable[Advisory]) -> Known:
    cve = cve_number(rule) or 0
    return Known(
        texts=tuple(map(_text, records)),
        exploited=shelf.exploited([cve]).get(cve),
        likely=shelf.likely([cve]).get(cve),
        rated=shelf.rated([cve]).get(cve),
    )


def _explanation(ids: tuple[str, ...], records: Sequence[Advisory], known: Known) -> Explanation:
    held = opinion(map(_voice, records), known.rated)
    rated = known.rated.modified if known.rated else ""
    changes = [*(record.modified for record in records), rated]
    return Explanation(
        rule=rule_of(ids[0], known, held),
        ids=ids,
        severity_source=held.source,
        scores=held.scores,
        exploited=known.exploited,
        likely=known.likely,
        rejected=known.rated is not None and known.rated.rejected,
        cwes=cwes_of(known),
        published=published_of(known),
        modified=max(filter(None, changes), default=""),
        records=tuple(records),
    )


def _text(record: Advisory) -> Text:
    return Text(
        id=record.id,
        title=record.title,
        text=record.text,
        references=record.references,
        cwes=record.cwes,
        published=record.published,
    )


def _voice(record: Advisory) -> Entry:
    """Return a record as one that matched, so that it is heard as one."""
    return Entry(
        id=record.id,
        source=record.source,
        status=Status.UNKNOWN,
        severity=record.severity,
        ratings=ratings_of(record),
    )
