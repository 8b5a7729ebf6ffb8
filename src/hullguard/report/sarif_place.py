"""Where a finding is, as code scanning wants it: a relative address and a logical name."""

import re
from typing import Any
from urllib.parse import quote

from hullguard.model import Finding, Report

Json = dict[str, Any]

_TAG = re.compile(r"(?::\w[\w.-]{0,127})?(?:@[\w+.-]+:[A-Za-z0-9]+)?$", re.ASCII)


def locations(finding: Finding, report: Report) -> list[Json]:
    """Return the one place: file in the target, or the target; and the package or setting."""
    package = finding.evidence.package if finding.evidence else None
    parts = (root(report), _address(package.path) if package else "")
    name = package.name if package else finding.locator
    logical = {
        "name": name or finding.rule.id,
        "fullyQualifiedName": (package.purl if package else "") or finding.locator or name,
        "kind": "package" if package else "setting",
    }
    uri = "/".join(filter(None, parts)) or report.asset.kind
    place = {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2},
    }
    return [{"physicalLocation": place, "logicalLocations": [logical]}]


def root(report: Report) -> str:
    """Return what stands before a path: the image without its tag, or the folder.

    The tag would change from build to build, and every alert with it. A folder given by a
    relative path keeps it, so that the addresses are those of the repository it was run in.
    """
    if report.subject.config_digest:
        return _address(_TAG.sub("", report.target))
    return "" if report.target.startswith("/") else _address(report.target)


def _address(path: str) -> str:
    """Return a path as a relative address without dots, percent-encoded (RFC 3986, 4.2)."""
    steps = (step for step in path.split("/") if step not in {"", ".", ".."})
    return "/".join(quote(step, safe="", errors="replace") for step in steps)
