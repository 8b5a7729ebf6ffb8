"""What is wrong: one noun for vulnerabilities, misconfigurations, alerts and the rest."""

from enum import StrEnum
from typing import Any

import msgspec

from hullguard.model.advisory import Score, Status
from hullguard.model.asset import Asset
from hullguard.model.package import Package
from hullguard.model.severity import Severity


class Rule(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A check, a policy, a detection rule, or an advisory seen as a rule."""

    id: str  # a CVE where there is one, else the first id stored; or KP-IMG-013
    title: str
    kind: str  # "vulnerability", "check", "policy", "detection"
    severity: Severity
    what: str = ""
    why: str = ""
    fix: str = ""
    references: tuple[str, ...] = ()
    frameworks: dict[str, tuple[str, ...]] = {}


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    EXCEPTED = "excepted"
    FIXED = "fixed"
    NOT_APPLICABLE = "not_applicable"
    UNREADABLE = "unreadable"


class Vulnerability(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The evidence of a known flaw in an installed package."""

    package: Package
    ids: tuple[str, ...]  # every id of the alias cluster, CVE first
    status: Status
    fixed_in: tuple[str, ...] = ()  # every version that fixes it, the nearest to ours first
    severity_source: str = ""  # who rated it: "debian", "ghsa", "nvd"
    scores: tuple[Score, ...] = ()
    epss: float | None = None  # probability of exploitation in 30 days, 0.0 to 1.0
    epss_percentile: float | None = None
    kev: bool = False  # in CISA's catalogue of known exploited vulnerabilities
    kev_due: str = ""  # the date by which CISA wants it fixed
    ransomware: bool = False
    sources: tuple[str, ...] = ()  # the feeds that told of it
    cwes: tuple[str, ...] = ()
    published: str = ""
    note: str = ""

    @property
    def repairable(self) -> bool:
        """Whether a newer version is free of it: `fixed_in` names older branches' fixes too."""
        return self.status is Status.FIXED and bool(self.fixed_in)


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that is wrong with one asset.

    `id` is BLAKE2b-128 over (rule id, asset uid, locator) and nothing else
    (`hullguard.triage.identity`); everything else may change without changing it.
    """

    id: str
    rule: Rule
    asset: Asset
    locator: str  # where in the asset: versionless purl plus path, a config key
    severity: Severity
    evidence: Vulnerability | None = None
    detail: dict[str, Any] = {}  # what a check saw
    fix: str = ""  # what to do, in words or as a version
    state: State = State.OPEN
    exception: str = ""  # reason and author of what excepted it
    first_seen: str = ""
    last_seen: str = ""


class FindingException(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A signed-off reason not to act on findings."""

    match: dict[str, str]  # patterns by what they are for: `hullguard.triage.match`, `KEYS`
    kind: str  # "false_positive" (a VEX justification) or "risk_accepted"
    reason: str
    author: str = ""
    expires: str = ""  # a date; required for risk_accepted
    origin: str = ""  # file and line it was read from
