"""From a hit, and what else is known of its flaw, to what a report says. Pure."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec import structs

from hullguard.advisories.details import Text
from hullguard.advisories.feed import Exploited, Likelihood, Rated
from hullguard.advisories.match import Hit
from hullguard.advisories.ratings import Opinion, opinion
from hullguard.model import Package, Rule, Severity, Vulnerability

_NOBODYS = Package(type="", name="", version="")
_LONGEST_TITLE = 120
_OF_PACKAGES = ("ALBA-", "ALEA-", "ALSA-", "CVE-", "DLA-", "DSA-")  # distributions' records
_REJECTED = "the CVE was rejected by those who assigned it"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one flaw besides the advisories that matched."""

    texts: tuple[Text, ...] = ()
    exploited: Exploited | None = None
    likely: Likelihood | None = None
    rated: Rated | None = None


class Match(msgspec.Struct, frozen=True):
    """A flaw of an installed package, as a rule and its evidence."""

    rule: Rule
    vulnerability: Vulnerability
    severity: Severity


def weigh(hit: Hit, known: Known) -> Callable[[Package], Match]:
    """Judge a flaw once, and return what tells it of each package that has it."""
    held = opinion(hit.entries, known.rated)
    rule = rule_of(hit.rule, known, held)
    exploited, likely = known.exploited, known.likely
    is_rejected = known.rated is not None and known.rated.rejected
    told = Vulnerability(
        package=_NOBODYS,
        ids=hit.ids,
        status=hit.status,
        fixed_in=hit.fixed_in,
        severity_source=held.source,
        scores=held.scores,
        epss=likely.epss if likely else None,
        epss_percentile=likely.percentile if likely else None,
        kev=exploited is not None,
        kev_due=exploited.due if exploited else "",
        ransomware=exploited is not None and exploited.ransomware,
        sources=tuple(dict.fromkeys(entry.source for entry in hit.entries)),
        cwes=cwes_of(known),
        published=published_of(known),
        note=_REJECTED if is_rejected else _first(entry.note for entry in hit.entries),
    )

    def tell(package: Package) -> Match:
        return Match(rule, structs.replace(told, package=package), held.severity)

    return tell


def rule_of(id_: str, known: Known, held: Opinion) -> Rule:
    """Return a flaw as a rule, in the words of the record that tells it best."""
    texts = sorted(known.texts, key=_telling)
    text = _first(text.text for text in texts)
    title = _first(text.title for text in texts) or (known.rated.title if known.rated else "")
    return Rule(
        id=id_,
        title=_shortened(title or text) or id_,
        kind="vulnerability",
        severity=held.severity,
        what=text,
        references=_joined(text.references for text in texts),
    )


def cwes_of(known: Known) -> tuple[str, ...]:
    """Return the kinds of weakness that any source names."""
    rated = known.rated.cwes if known.rated else ()
    return _joined([*(text.cwes for text in known.texts), rated])


def published_of(known: Known) -> str:
    """Return when the first source told of a flaw."""
    rated = known.rated.published if known.rated else ""
    return min(filter(None, [*(text.published for text in known.texts), rated]), default="")


def _shortened(text: str) -> str:
    """Return the first line, cut at a word where it is too long for a title."""
    line = text.strip().partition("\n")[0]
    if len(line) <= _LONGEST_TITLE:
        return line
    return (line[: _LONGEST_TITLE - 1].rpartition(" ")[0] or line[: _LONGEST_TITLE - 1]) + "…"


def _telling(text: Text) -> tuple[bool, bool, str]:
    """Sort reviewed texts first, and last those that tell more of packages than of the flaw."""
    return not text.id.startswith("GHSA-"), text.id.startswith(_OF_PACKAGES), text.id


def _first(texts: Iterable[str]) -> str:
    return next(filter(None, texts), "")


def _joined(texts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for some in texts for each in some))
