"""Findings brought together as people act on them: one row per CVE and source package."""

import msgspec

from hullguard.advisories.ecosystems import query
from hullguard.model import Distro, Finding, Package, Report, Severity, Vulnerability
from hullguard.report.summary import open_vulnerabilities

_LIKELY = 0.1  # EPSS from which a flaw that nobody has rated stands among the high ones
_UNASKED = "semver"  # the order of versions that no advisories speak of

Urgency = tuple[int, bool, float, str, str, str]


class Part(msgspec.Struct, frozen=True):
    """What people update together: a source package, or a library, at one installed version."""

    type: str
    name: str
    version: str  # as the advisories count: of the source package where they name sources
    scheme: str  # the order of its versions


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One vulnerability of one part."""

    id: str
    part: Part
    severity: Severity
    kev: bool
    epss: float | None
    evidence: tuple[Vulnerability, ...]  # one per package of the part

    @property
    def rank(self) -> int:
        """The place in the order, 0 the worst."""
        return _rank(self.severity, self.epss, kev=self.kev)

    @property
    def fixed(self) -> bool:
        """Whether an update removes it from every package of the part."""
        return all(flaw.repairable for flaw in self.evidence)

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages that have it."""
        return tuple(each.package for each in self.evidence)


def part_of(package: Package, distro: Distro | None) -> Part:
    """Return what the package is updated with."""
    asked = query(package, distro)
    version, scheme = (asked.version, asked.scheme) if asked else (package.version, _UNASKED)
    return Part(package.type, package.source or package.name, version, scheme)


def rows_of(report: Report) -> list[Row]:
    """Return the rows of what is open, worst first: severity, known exploited, likelihood."""
    groups: dict[tuple[str, Part], list[Finding]] = {}
    for finding in open_vulnerabilities(report):
        if finding.evidence:
            part = part_of(finding.evidence.package, report.inventory.distro)
            groups.setdefault((finding.rule.id, part), []).append(finding)
    rows = (_row(id_, part, group) for (id_, part), group in groups.items())
    return sorted(rows, key=_order)


def by_urgency(finding: Finding) -> Urgency:
    """Return what sorts findings of every kind, worst first, ties by id: always the same order."""
    flaw = finding.evidence
    epss, kev = (flaw.epss, flaw.kev) if flaw else (None, False)
    return (
        _rank(finding.severity, epss, kev=kev),
        not kev,
        -(epss or 0.0),
        finding.rule.id,
        finding.locator,
        finding.id,
    )


def _rank(severity: Severity, epss: float | None, *, kev: bool) -> int:
    """Place a severity; what nobody has rated goes by likelihood."""
    likely = kev or (epss or 0.0) >= _LIKELY
    return Severity.HIGH.rank if severity is Severity.UNKNOWN and likely else severity.rank


def _row(id_: str, part: Part, group: list[Finding]) -> Row:
    evidence = tuple(finding.evidence for finding in group if finding.evidence)
    return Row(
        id=id_,
        part=part,
        severity=min((finding.severity for finding in group), key=lambda each: each.rank),
        kev=any(each.kev for each in evidence),
        epss=max((each.epss for each in evidence if each.epss is not None), default=None),
        evidence=evidence,
    )


def _order(row: Row) -> Urgency:
    return (
        row.rank,
        not row.kev,
        -(row.epss or 0.0),
        row.id,
        row.part.name,
        row.part.version,
    )
