"""The nouns, frozen. Nothing here imports anything else of ours."""

from hullguard.model.advisory import Advisory, Affected, Range, Score, Status
from hullguard.model.asset import Asset
from hullguard.model.budget import GIB, MIB, Budget, Limits
from hullguard.model.errors import BudgetSpent, HullguardError, Malformed, Misused, Unreachable
from hullguard.model.finding import Finding, FindingException, Rule, State, Vulnerability
from hullguard.model.gap import Gap, GapKind
from hullguard.model.image import Image, ImageConfig, Layer
from hullguard.model.package import OS_TYPES, Distro, Package
from hullguard.model.report import FamilyState, Inventory, Report
from hullguard.model.severity import Severity

__all__ = [
    "GIB",
    "MIB",
    "OS_TYPES",
    "Advisory",
    "Affected",
    "Asset",
    "Budget",
    "BudgetSpent",
    "Distro",
    "FamilyState",
    "Finding",
    "FindingException",
    "Gap",
    "GapKind",
    "HullguardError",
    "Image",
    "ImageConfig",
    "Inventory",
    "Layer",
    "Limits",
    "Malformed",
    "Misused",
    "Package",
    "Range",
    "Report",
    "Rule",
    "Score",
    "Severity",
    "State",
    "Status",
    "Unreachable",
    "Vulnerability",
]
