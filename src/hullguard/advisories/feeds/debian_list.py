"""Debian's lists of security advisories: DSA/list and DLA/list of the security tracker.

Source: security-team.debian.org/security_tracker.html, "The DSA list". The newest advisory
stands first; what belongs to it is indented:

    [29 Mar 2023] DSA-5380-1 xorg-server - security update
        {CVE-2023-1393}
        [bullseye] - xorg-server 2:1.20.11-1+deb11u6
        NOTE: free text
"""

import re
from collections.abc import Iterable, Iterator

import msgspec
from msgspec import structs

from hullguard.advisories.feed import Document, Row
from hullguard.advisories.names import debian_ecosystem
from hullguard.model import Advisory, Affected, Budget, Gap, Range, Severity, Status

_HEADER = re.compile(r"\[([^\]]+)\]\s+(D[LS]A-\d+(?:-\d+)?)\b\s*(.*)")
_HEADER_IN_HEAD = re.compile(rb"^\[\d\d? \w{3} \d{4}\] D[LS]A-\d+", re.MULTILINE)
_FIX = re.compile(r"\[(\w+)\]\s+-\s+(\S+)\s+(\S+)\s*(?:\((.*)\))?")

_STATUSES = {
    "<end-of-life>": Status.END_OF_LIFE,
    "<ignored>": Status.WONT_FIX,
    "<no-dsa>": Status.AFFECTED,
    "<not-affected>": Status.NOT_AFFECTED,
    "<postponed>": Status.FIX_DEFERRED,
    "<undetermined>": Status.UNDER_INVESTIGATION,
    "<unfixed>": Status.AFFECTED,
}
_NO_SECURITY = re.compile(
    r"\b(regression|bug ?fix|correction|new (upstream version|package|timezone)|database update"
    r"|support update|end.of.(life|support))",
    re.IGNORECASE,
)
_PAGE = "https://security-tracker.debian.org/tracker/"
_BUG_FIX = "bugfix"
_DATE = re.compile(r"(\d\d?) (\w{3}) (\d{4})", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class _Entry(msgspec.Struct):
    """One advisory of the list."""

    id: str
    title: str
    date: str
    flaws: list[str] = []
    affected: list[Affected] = []


def recognises(name: str, head: bytes) -> bool:  # noqa: ARG001 - upstream calls both "list"
    """Tell a list by its headers."""
    return _HEADER_IN_HEAD.search(head) is not None


def read(document: Document, budget: Budget) -> Iterator[Row]:
    """Yield an advisory a flaw, and one under its own name for a DSA that names no flaw.

    What the newest DSA that names a flaw says of a package counts: where a fix turned out
    incomplete, Debian names the flaw again. Regression updates that do not name it repair
    something else, so the fix stays the first one. Announcements without packages are left out.

    Raises:
        BudgetSpent: there is more inside than is allowed.
    """
    flaws: dict[str, list[_Entry]] = {}
    text = document.stream.read().decode(errors="replace")
    for entry in _entries(text, document.name):
        if isinstance(entry, Gap):
            yield entry
            continue
        budget.spend(document.name, entries=1)
        for flaw in entry.flaws or [entry.id]:
            flaws.setdefault(flaw, []).append(entry)
    for flaw, entries in flaws.items():
        if any(entry.affected for entry in entries):
            yield _advisory(flaw, entries)


def _entries(text: str, name: str) -> Iterator[_Entry | Gap]:
    """Yield entries, complete with the indented lines below them, and gaps for other lines."""
    entry: _Entry | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        header = _HEADER.match(line)
        if header:
            if entry:
                yield entry
            entry = _Entry(header[2], header[3], _date(header[1]), [], [])
            continue
        if line[:1].strip() and entry:  # a broken header: what follows is not the last entry's
            yield entry
            entry = None
        if line.strip() and not (entry and _add(line.strip(), entry)):
            yield Gap(f"{name}, line {number}", "is no line that a list of advisories may have")
    if entry:
        yield entry


def _add(line: str, entry: _Entry) -> bool:
    """Add what an indented line says; False if it says nothing known."""
    if line.startswith("NOTE:"):
        return True
    if line.startswith("{"):
        entry.flaws += line.strip("{}").split()
        return True
    fix = _FIX.match(line)
    affected = _affected(*fix.groups("")) if fix else None
    if affected:
        entry.affected.append(affected)
    return affected is not None


def _affected(codename: str, package: str, version: str, note: str) -> Affected | None:
    ecosystem = debian_ecosystem(codename)
    if ecosystem is None:
        return None
    status = _STATUSES.get(version, Status.FIXED)
    return Affected(
        ecosystem=ecosystem,
        name=package,
        status=status,
        ranges=(Range(fixed=version),) if status is Status.FIXED else (),
        note=note,
    )


def _advisory(flaw: str, entries: list[_Entry]) -> Advisory:
    """Join what advisories, newest first, say of a flaw."""
    affected: dict[tuple[str, str], Affected] = {}
    for entry in entries:
        for row in entry.affected:
            known = affected.setdefault((row.ecosystem, row.name), row)
            if known.status is Status.NOT_AFFECTED and row.status is Status.FIXED:
                affected[row.ecosystem, row.name] = row  # whatever was fixed had the flaw
    newest, oldest = entries[0], entries[-1]
    is_bug_fix = not newest.flaws and _NO_SECURITY.search(newest.title)
    rows: Iterable[Affected] = affected.values()
    if is_bug_fix:
        rows = (structs.replace(row, note=_BUG_FIX) for row in rows)
    return Advisory(
        id=flaw,
        source="debian-dla" if newest.id.startswith("DLA") else "debian-dsa",
        affected=tuple(rows),
        severity=Severity.INFO if is_bug_fix else Severity.UNKNOWN,
        title=f"{newest.id} {newest.title.partition(' ')[0]}",
        references=tuple(dict.fromkeys(_PAGE + entry.id for entry in entries)),
        published=oldest.date,
        modified=newest.date,
    )


def _date(text: str) -> str:
    """Return "29 Mar 2023" as RFC 3339; empty if it is no date."""
    match = _DATE.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return ""
    return f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}T00:00:00Z"
