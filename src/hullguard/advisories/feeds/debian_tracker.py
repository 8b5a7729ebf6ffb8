"""Debian's security tracker as JSON: {source package: {flaw: {releases: {codename: ...}}}}.

Source: security-tracker.debian.org/tracker/data/json and the tracker's documentation
(security-team.debian.org/security_tracker.html). It speaks of supported releases only.
"""

import re
from collections.abc import Iterator

import msgspec

from hullguard.advisories.feed import Document, Row
from hullguard.advisories.json_records import decoded
from hullguard.advisories.names import debian_ecosystem
from hullguard.advisories.severities import severity_of
from hullguard.model import Advisory, Affected, Budget, Gap, Malformed, Range, Status

_NEVER = "0"  # the fixed version of a package that never had the flaw
_START = re.compile(rb'\s*\{\s*"[a-z0-9][a-z0-9+.-]*"\s*:\s*\{\s*"(CVE|TEMP)-\d')

_BY_URGENCY = {"end-of-life": Status.END_OF_LIFE}
_BY_REASON = {"ignored": Status.WONT_FIX, "postponed": Status.FIX_DEFERRED}
_BY_STATUS = {"open": Status.AFFECTED, "undetermined": Status.UNDER_INVESTIGATION}


class _Release(msgspec.Struct, gc=False):
    status: str
    urgency: str = ""
    fixed_version: str = ""
    nodsa: str = ""  # why the security team sends out no advisory of its own
    nodsa_reason: str = ""


class _Flaw(msgspec.Struct, gc=False):
    releases: dict[str, _Release] | list[msgspec.Raw]  # an empty list where there are none
    description: str = ""


_SOURCES = msgspec.json.Decoder(dict[str, msgspec.Raw])
_FLAWS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_FLAW = msgspec.json.Decoder(_Flaw)

Places = dict[str, list[tuple[str, msgspec.Raw]]]
"""For each flaw the sources that have it, as JSON: 60 MB become structs only one flaw at a time."""


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - upstream calls it just "json"
    """Tell the file by a source package that holds a CVE, and a CVE that has releases."""
    return _START.match(head) is not None and b'"releases"' in head


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield an advisory a flaw with all packages and releases, and gaps for what is broken.

    Raises:
        Malformed: the document is no such file.
        BudgetSpent: there is more inside than is allowed.
    """
    places: Places = {}
    for source, raw in decoded(_SOURCES, document.stream.read(), document.name).items():
        try:
            flaws = decoded(_FLAWS, raw, f"{document.name}, {source}")
        except Malformed as error:
            yield Gap(error.where, error.why)
            continue
        for flaw, text in flaws.items():
            places.setdefault(flaw, []).append((source, text))
    unheard: set[str] = set()
    for flaw, found in places.items():
        budget.spend(document.name, entries=1)
        yield from _rows(flaw, found, document.name, unheard)
    for codename in sorted(unheard):
        yield Gap(document.name, f"speaks of a release {codename!r} that is unheard of here")


def _rows(
    flaw: str, found: list[tuple[str, msgspec.Raw]], name: str, unheard: set[str]
) -> Iterator[Row]:
    """Yield one flaw's advisory, and note the code names that nobody knows."""
    text = ""
    affected: list[Affected] = []
    for source, raw in found:
        try:
            entry = decoded(_FLAW, raw, f"{name}, {flaw} in {source}")
            releases = entry.releases if isinstance(entry.releases, dict) else {}
            unheard.update(each for each in releases if debian_ecosystem(each) is None)
            affected.extend(_affected(source, releases))
        except Malformed as error:
            yield Gap(error.where, error.why)
            continue
        text = text or entry.description
    yield Advisory(id=flaw, source="debian", affected=tuple(affected), text=text)


def _affected(source: str, releases: dict[str, _Release]) -> Iterator[Affected]:
    for codename, release in releases.items():
        ecosystem = debian_ecosystem(codename)
        if ecosystem is None:
            continue
        status = _status(release)
        yield Affected(
            ecosystem=ecosystem,
            name=source,
            status=status,
            ranges=(Range(fixed=release.fixed_version),) if status is Status.FIXED else (),
            severity=severity_of(release.urgency.rstrip("*")),  # "high**" was guessed by a machine
            note=release.nodsa,
        )


def _status(release: _Release) -> Status:
    """Return what the tracker says; a fixed version outdoes reasons for having none."""
    if release.fixed_version == _NEVER:
        return Status.NOT_AFFECTED
    if release.fixed_version:
        return Status.FIXED
    return (
        _BY_URGENCY.get(release.urgency)
        or _BY_REASON.get(release.nodsa_reason)
        or _BY_STATUS.get(release.status, Status.UNKNOWN)
    )
