"""What a family is fetched from: its addresses, by release and by year. Pure."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

import msgspec

from hullguard.advisories.ecosystems import ecosystem_of, family_of
from hullguard.advisories.feed import Feed
from hullguard.advisories.lifecycle import supported
from hullguard.advisories.sources import FEEDS
from hullguard.model import Distro, Misused

RATINGS = "cve"
"""The family that is fetched year by year."""

MODIFIED = "modified"
"""What NVD calls, in the place of a year, the changes of the last eight days."""

FAMILIES = tuple(dict.fromkeys(feed.family for feed in FEEDS))
"""Everything that can be fetched."""

FIRST_YEAR = 2002
"""NVD keeps everything older in the feed of this year."""

Values = dict[str, str]  # of an address' placeholders
Addresses = Mapping[str, str]  # by name of the feed: those that replace the upstream's


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file to fetch."""

    name: str  # "debian-dsa", "alpine-v3.19-main", "cve-2024"; of its file on the way, too
    url: str
    family: str
    release: str = ""  # the ecosystem that it alone speaks of: "alpine:3.19"
    is_configured: bool = False  # the address is of the user's own choice


def spoken_of(family: str) -> str:
    """Return how messages about fetching a family name it: "debian advisories"."""
    return f"{family} advisories"


def requested(labels: Iterable[str], distro: Distro | None = None) -> dict[str, set[str]]:
    """Return the families that were asked for, each with the releases or years named.

    Args:
        labels: families, or parts of them: "debian", "alpine:3.19", "cve:2024".
        distro: its release is wanted, too, if its family is.

    Raises:
        Misused: there is no such family.
    """
    wanted: dict[str, set[str]] = {}
    for label in labels:
        family = family_of(label)
        if family not in FAMILIES:
            raise Misused(_unknown(label))
        wanted.setdefault(family, set()).update({label} if ":" in label else ())
    ecosystem = ecosystem_of(distro) if distro else ""
    if ecosystem and family_of(ecosystem) in wanted:
        wanted[family_of(ecosystem)].add(ecosystem)
    return wanted


def years_of(labels: Iterable[str]) -> set[int]:
    """Return the years that labels like "cve:2024" name.

    Raises:
        Misused: one names no year.
    """
    years = {label: label.partition(":")[2] for label in labels}
    for label, year in years.items():
        if not _YEAR.fullmatch(year):
            raise Misused(f"{label!r} names no year. Write it as in cve:2024.")
    return {max(FIRST_YEAR, int(year)) for year in years.values()}


def releases_of(
    family: str, asked: Collection[str], held: Iterable[str], today: date
) -> tuple[str, ...]:
    """Return the releases to fetch of a family that comes in one file each; else nothing.

    Those asked for and those already held; where there are neither, all that get fixes now.
    """
    if family not in _BY_RELEASE:
        return ()
    wanted = {each for each in (*asked, *held) if _RELEASE.fullmatch(each)}
    if wanted or asked:
        return tuple(sorted(wanted))
    kinds = _BY_RELEASE[family]
    return tuple(f"{kind}:{release}" for kind in kinds for release in supported(kind, today))


def label_of(ecosystem: str) -> str:
    """Return what to ask for to have an ecosystem judged: "debian" for "debian:12".

    A release is named where it comes in a file of its own; one that cannot exist never is, since
    an image's own words must not get into commands that people copy.
    """
    return ecosystem if _RELEASE.fullmatch(ecosystem) else family_of(ecosystem)


def sources_of(family: str, releases: Iterable[str], addresses: Addresses) -> tuple[Source, ...]:
    """Return the files that a family is built from; each address once."""
    found = (
        _source(feed, values, addresses, release)
        for feed in FEEDS
        if feed.family == family
        for release, values in _placements(family, releases)
    )
    return tuple({source.url: source for source in found}.values())


def year_source(year: int | str, addresses: Addresses) -> Source:
    """Return the file with the ratings of a year, or of what was `MODIFIED`."""
    [feed] = (feed for feed in FEEDS if feed.family == RATINGS)
    return _source(feed, {"year": str(year)}, addresses)


def check_names(addresses: Addresses) -> None:
    """See whether every address that was configured replaces one.

    Raises:
        Misused: there is no feed of that name.
    """
    names = [feed.name for feed in FEEDS]
    for name in addresses:
        if name not in names:
            raise Misused(f"[feeds.{name}]: there is no such feed. Feeds: {', '.join(names)}.")


def _source(feed: Feed, values: Values, addresses: Addresses, release: str = "") -> Source:
    url = addresses.get(feed.name, feed.url)
    for placeholder, value in values.items():
        url = url.replace(f"{{{placeholder}}}", value)
    return Source(
        name="-".join([feed.name, *values.values()]),
        url=url,
        family=feed.family,
        release=release,
        is_configured=feed.name in addresses,
    )


def _placements(family: str, releases: Iterable[str]) -> Iterator[tuple[str, Values]]:
    if family not in _BY_RELEASE:
        yield "", {}
        return
    for ecosystem in releases:
        kind, _, release = ecosystem.partition(":")
        for values in _PLACEHOLDERS[kind](release):
            yield ecosystem, values


def _alpine(release: str) -> list[Values]:
    branch = release if release == "edge" else f"v{release}"
    return [{"release": branch, "repository": each} for each in ("main", "community")]


def _unknown(label: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only where something is misspelt

    near = get_close_matches(label, FAMILIES, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"{label!r} is no family of advisories.{hint}\nFamilies: {', '.join(FAMILIES)}."


_PLACEHOLDERS: dict[str, Callable[[str], list[Values]]] = {
    "alpine": _alpine,
    "azurelinux": lambda release: [{"release": f"azurelinux-{release}"}],
    "mariner": lambda release: [{"release": f"cbl-mariner-{release}"}],
}
_BY_RELEASE = {"alpine": ("alpine",), "azurelinux": ("azurelinux", "mariner")}
_YEAR = re.compile(r"[12]\d{3}", re.ASCII)
_RELEASE = re.compile(  # what an image says of itself gets into addresses and file names
    rf"({'|'.join(_PLACEHOLDERS)}):(\d{{1,4}}\.\d{{1,4}}|edge)", re.ASCII
)
