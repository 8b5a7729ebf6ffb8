"""SPDX 2.3 as JSON (source: spdx.github.io/spdx-spec/v2.3).

Each target is a package that the document describes and that contains the packages found in it;
files are not listed. A scan adds the advisories as security references.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from hullguard.model import Package, Report
from hullguard.report.about import HOME, NAME, VERSION
from hullguard.report.encode import encode
from hullguard.report.options import Kind, Options
from hullguard.report.parts import Names, Target, identity, packages_of
from hullguard.report.spdx_package import (
    extracted_licences,
    identifier,
    root_package,
    software_package,
    system_package,
)
from hullguard.report.summary import gaps_of, open_vulnerabilities
from hullguard.report.times import stamp

Json = dict[str, Any]

_DOCUMENT = "SPDXRef-DOCUMENT"


def render(reports: Sequence[Report], options: Options) -> Iterator[bytes]:
    """Yield the document."""
    names = Names()
    targets = [_target(report, names) for report in reports]
    body = _body(targets, options)
    head = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": _DOCUMENT,
        "name": ", ".join(report.target for report in reports) or NAME,
        "documentNamespace": f"{HOME}/spdx/{identity(body)}",
        "creationInfo": _creation(reports, options),
    }
    yield encode(head | body)


def _target(report: Report, names: Names) -> Target:
    packages = packages_of(report)
    return Target(
        report=report,
        ref=identifier(names, report.asset.kind, report.asset.uid, report.target),
        system=identifier(names, "os", report.asset.uid) if report.inventory.distro else "",
        packages={
            package: identifier(names, package.type, package.purl or package.name, package.path)
            for package in packages
        },
    )


def _creation(reports: Sequence[Report], options: Options) -> Json:
    gaps = [f"{report.target}: {gap}" for report in reports for gap in gaps_of(report)]
    comment = {"comment": "Not everything was seen. " + " ".join(gaps)} if gaps else {}
    return {
        "created": stamp(options.generated),
        "creators": [f"Tool: {NAME}-{VERSION}"],
        **comment,
    }


def _body(targets: Sequence[Target], options: Options) -> Json:
    software = [package for target in targets for package in target.packages]
    body = {
        "packages": [part for target in targets for part in _parts(target, options.kind)],
        "relationships": [part for target in targets for part in _relationships(target)],
    }
    licences = extracted_licences(software)
    return {**body, "hasExtractedLicensingInfos": licences} if licences else body


def _parts(target: Target, kind: Kind) -> Iterator[Json]:
    report = target.report
    yield root_package(report, target.ref)
    if report.inventory.distro:
        yield system_package(report.inventory.distro, target.system)
    advisories = _advisories(report) if kind is Kind.SCAN else {}
    for package, ref in target.packages.items():
        yield software_package(package, ref, advisories.get(package, ()))


def _advisories(report: Report) -> dict[Package, list[str]]:
    """Return the rule ids of each package's open vulnerabilities."""
    ids: dict[Package, list[str]] = {}
    for finding in open_vulnerabilities(report):
        if finding.evidence:
            ids.setdefault(finding.evidence.package, []).append(finding.rule.id)
    return ids


def _relationships(target: Target) -> Iterator[Json]:
    yield _relationship(_DOCUMENT, "DESCRIBES", target.ref)
    for ref in (target.system, *target.packages.values()):
        if ref:
            yield _relationship(target.ref, "CONTAINS", ref)


def _relationship(one: str, kind: str, other: str) -> Json:
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
