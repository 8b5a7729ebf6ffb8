"""What of a scan the database cannot answer: no false all-clear. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from hullguard.advisories.dates import instant
from hullguard.advisories.ecosystems import (
    Query,
    families_for,
    judged,
    one_of_each_type,
    query,
)
from hullguard.advisories.plan import label_of
from hullguard.advisories.shard import Contents
from hullguard.advisories.sources import FEEDS
from hullguard.model import OS_TYPES, Distro, FamilyState, Gap, GapKind, Package

_A_COLLECTION = 500
"""Records from which on the newest one dates a family that was built from files."""

Ask = Callable[[str], Contents | None]
"""Returns what a family's shard says of itself; None if it is not here."""

_BY_RELEASE = frozenset(feed.family for feed in FEEDS if "{release}" in feed.url)
"""Families of which each release is a file of its own, so that one may be here without others."""


def missing(packages: Iterable[Package], distro: Distro | None, ask: Ask) -> tuple[str, ...]:
    """Return the families that a scan needs and that have to be fetched, by name.

    A family that comes in one file a release is missing, too, when this release is.
    """
    packages = list(packages)
    asked = (query(package, distro) for package in one_of_each_type(packages))
    releases = {
        wanted.family
        for wanted in asked
        if wanted and wanted.family in _BY_RELEASE and not _is_covered(wanted, ask(wanted.family))
    }
    absent = {family for family in families_for(packages, distro) if ask(family) is None}
    return tuple(sorted(releases | absent))


def not_covered(packages: Iterable[Package], distro: Distro | None, ask: Ask) -> Iterator[Gap]:
    """Yield one gap for each type of packages that no advisories here speak of."""
    packages = list(judged(packages))
    counts = Counter(package.type for package in packages)
    for package in sorted(one_of_each_type(packages), key=lambda package: package.type):
        if reason := _reason(package, distro, ask):
            count, (why, advice) = counts[package.type], reason
            were = f"{counted(count, f'{package.type} package')} {'was' if count == 1 else 'were'}"
            yield Gap("", f"{were} not checked: {why}", GapKind.NOT_COVERED, advice)


def outdated(state: FamilyState, today: datetime, max_age: timedelta) -> Iterator[Gap]:
    """Yield a gap if a family is older than allowed.

    The newest of many records tells how old a collection is; a handful of them tells nothing.
    """
    told = state.data_date if state.advisories >= _A_COLLECTION else ""
    date = instant(state.fetched) or told
    if date and today - datetime.fromisoformat(date) > max_age:
        days = (today - datetime.fromisoformat(date)).days
        yield Gap(
            "",
            f"the {state.family} advisories are of {date[:10]}, {counted(days, 'day')} old",
            GapKind.OUTDATED,
            f"Renew them: hullguard db update {state.family}",
        )


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 package", "2 packages"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def _reason(package: Package, distro: Distro | None, ask: Ask) -> tuple[str, str] | None:
    """Return why a package cannot be judged, and what to do about it; None where it can be."""
    wanted = query(package, distro)
    if wanted is None:
        return _no_advisories(package, distro), ""
    contents = ask(wanted.family)
    fetch = f"Fetch them: hullguard db update {label_of(wanted.ecosystem)}"
    if contents is None:
        return f"no {wanted.family} advisories are here", fetch
    if _is_covered(wanted, contents):
        return None
    held = ", ".join(each.replace(":", " ") for each in contents.coverage) or "nothing"
    asked = wanted.ecosystem.replace(":", " ")
    advice = fetch if wanted.family in _BY_RELEASE else ""
    return f"the {wanted.family} advisories here speak of {held}, not of {asked}", advice


def _no_advisories(package: Package, distro: Distro | None) -> str:
    if package.type not in OS_TYPES:
        return f"hullguard has no advisories for {package.type}"
    if distro is None:
        return "their distribution is unknown, since no os-release was found"
    name = distro.name or f"{distro.id} {distro.version}".strip()
    return f"hullguard has no advisories for {package.type} packages of {name}"


def _is_covered(wanted: Query, contents: Contents | None) -> bool:
    return contents is not None and any(each in contents.coverage for each in wanted.ecosystems)
