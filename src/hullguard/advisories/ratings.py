"""How bad a flaw is, and who says so. Pure.

The source whose advisory matched is asked first, for its own word or a score in its record; then
GitHub, NVD, and whoever else rated the CVE, of whom the worst counts (the order of trivy's
`pkg/vulnerability`). Every score is kept beside the one that was chosen.
"""

from collections.abc import Iterable, Sequence

import msgspec

from hullguard.advisories.entry import Entry
from hullguard.advisories.feed import Rated
from hullguard.model import Score, Severity

_GITHUB = "GHSA-"
_ASKED_NEXT = ("ghsa", "security-advisories@github.com", "nvd")
_NEWEST_FIRST = ("CVSS:4", "CVSS:3.1", "CVSS:3.0", "")  # CVSS 2 has no prefix


class Opinion(msgspec.Struct, frozen=True):
    """What is held of a flaw."""

    severity: Severity = Severity.UNKNOWN
    source: str = ""  # who said so
    scores: tuple[Score, ...] = ()


def opinion(entries: Iterable[Entry], rated: Rated | None) -> Opinion:
    """Return how bad a flaw is.

    Args:
        entries: the advisories that matched.
        rated: what the family `cve` knows of it; None: nothing, or it is not here.
    """
    asked = sorted(entries, key=lambda entry: (not entry.id.startswith(_GITHUB), entry.id))
    elsewhere = rated.scores if rated else ()
    scores = tuple(dict.fromkeys([*(s for entry in asked for s in _scores(entry)), *elsewhere]))
    for severity, source in (*map(_own, asked), *_others(elsewhere)):
        if severity is not Severity.UNKNOWN:
            return Opinion(severity, source, scores)
    return Opinion(scores=scores)


def _own(entry: Entry) -> tuple[Severity, str]:
    """Return a record's own word, else that of the score in it."""
    if entry.severity is not Severity.UNKNOWN:
        is_github = entry.id.startswith(_GITHUB)
        return entry.severity, "ghsa" if is_github else entry.source.removeprefix("osv-")
    return _chosen(_scores(entry))


def _others(scores: Sequence[Score]) -> Iterable[tuple[Severity, str]]:
    for source in _ASKED_NEXT:
        yield _chosen([score for score in scores if score.source == source])
    worst = min(scores, key=lambda score: score.severity.rank, default=None)
    if worst:
        yield worst.severity, worst.source


def _chosen(scores: Sequence[Score]) -> tuple[Severity, str]:
    """Return the rating by the newest version of CVSS."""
    newest = min(scores, key=_place, default=Score(source=""))
    return newest.severity, "ghsa" if "github" in newest.source else newest.source


def _place(score: Score) -> int:
    return next(n for n, start in enumerate(_NEWEST_FIRST) if score.vector.startswith(start))


def _scores(entry: Entry) -> list[Score]:
    return [
        Score(source=source, vector=vector, score=score, severity=severity)
        for source, vector, score, severity in entry.ratings
    ]
