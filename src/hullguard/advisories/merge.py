"""One advisory of several records that have the same id."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from msgspec import structs

from hullguard.advisories.dates import instant
from hullguard.model import Advisory, Affected, Severity


def merged(records: Sequence[Advisory]) -> Advisory:
    """Return one advisory that says what all records of one id say.

    Alpine names a flaw in each release's file and AlmaLinux used some ids for two releases: their
    packages add up. Of two records that speak of the same package, the one with more authority
    has the say, and so it has on texts: Debian's tracker before Debian's announcements, which
    are left with the flaws and old releases that the tracker does not list; then the one that
    was changed last. A title goes with its text.
    """
    if len(records) == 1:
        return records[0]
    every = sorted(records, key=_authority, reverse=True)
    return structs.replace(
        every[0],
        affected=tuple(_affected(every)),
        aliases=_joined(record.aliases for record in every),
        fixes=_joined(record.fixes for record in every),
        references=_joined(record.references for record in every),
        scores=tuple(dict.fromkeys(chain.from_iterable(record.scores for record in every))),
        cwes=_joined(record.cwes for record in every),
        severity=next(filter(_is_known, (record.severity for record in every)), Severity.UNKNOWN),
        title=_first(record.title for record in ([every[0]] if every[0].text else every)),
        text=_first(record.text for record in every),
        published=_first(sorted(record.published for record in every if record.published)),
        modified=_first(sorted((record.modified for record in every), reverse=True)),
    )


_TRACKER = "debian"


def _authority(record: Advisory) -> tuple[bool, str]:
    return record.source == _TRACKER, instant(record.modified or record.published)


def _affected(every: Iterable[Advisory]) -> Iterator[Affected]:
    """Yield of each package what the records of the highest authority say that name it."""
    highest: dict[tuple[str, str], tuple[bool, str]] = {}
    seen: set[Affected] = set()
    for record in every:
        own = _authority(record)
        for row in record.affected:
            is_highest = highest.setdefault((row.ecosystem, row.name), own) == own
            if is_highest and row not in seen:
                seen.add(row)
                yield row


def _is_known(severity: Severity) -> bool:
    return severity is not Severity.UNKNOWN


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _joined(texts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(texts)))
