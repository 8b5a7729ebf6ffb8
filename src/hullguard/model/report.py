"""What a scan hands to people and machines."""

import msgspec

from hullguard.model.asset import Asset
from hullguard.model.finding import Finding
from hullguard.model.gap import Gap
from hullguard.model.image import Image
from hullguard.model.package import Distro, Package


class Inventory(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was found installed."""

    packages: tuple[Package, ...] = ()
    distro: Distro | None = None
    gaps: tuple[Gap, ...] = ()


class FamilyState(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How old one family of advisories is and what it holds."""

    family: str  # "debian", "pypi", "kev"
    fetched: str = ""  # RFC 3339: when the upstream was last asked
    data_date: str = ""  # RFC 3339: what the data says of its own age, where it does
    advisories: int = 0
    packages: int = 0
    sources: tuple[str, ...] = ()  # upstream addresses
    coverage: tuple[str, ...] = ()  # ecosystems: "debian:11", "pypi"
    gaps: tuple[str, ...] = ()  # records that could not be read when it was built


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One target, judged."""

    target: str  # what it is called
    asked: str = ""  # how the user wrote it, where that is something else: a file, "-"
    asset: Asset
    subject: Image
    inventory: Inventory
    findings: tuple[Finding, ...] = ()
    passed: dict[str, int] = {}  # rule id: how many times it was checked and held
    gaps: tuple[Gap, ...] = ()
    database: tuple[FamilyState, ...] = ()  # the families that were asked
    notes: tuple[str, ...] = ()  # what to know about the verdict, though nothing was left unseen
    exception_notes: tuple[str, ...] = ()  # exceptions that have expired or matched nothing
    judged_at: str = ""  # RFC 3339: the day the database and exceptions were read for
