"""CycloneDX 1.6 as JSON (source: cyclonedx.org, JSON reference 1.6; ECMA-424, 1st edition).

One target is the document's `metadata.component`; of several, each is a component, and
`dependencies` tell what belongs to which. An SBOM says what is there; only a scan says more.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from hullguard.model import Distro, Image, Report
from hullguard.report.about import HOME, NAME, VERSION
from hullguard.report.cyclonedx_component import LONGEST_VERSION, component, properties
from hullguard.report.cyclonedx_vulnerability import vulnerability_objects
from hullguard.report.encode import encode
from hullguard.report.options import Kind, Options
from hullguard.report.parts import (
    Names,
    Target,
    filled,
    identity,
    image_purl,
    packages_of,
    reference,
)
from hullguard.report.summary import gaps_of
from hullguard.report.times import stamp

Json = dict[str, Any]


def render(reports: Sequence[Report], options: Options) -> Iterator[bytes]:
    """Yield the document."""
    names = Names()
    targets = [_target(report, names) for report in reports]
    body = _body(targets, options)
    serial = f"urn:uuid:{identity(body)}"
    metadata = {"timestamp": stamp(options.generated), **body.pop("metadata")}
    head = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial,
        "version": 1,
        "metadata": metadata,
    }
    yield encode(head | body)


def _target(report: Report, names: Names) -> Target:
    root = names.take(image_purl(report.subject), report.asset.uid, "target")
    distro = report.inventory.distro
    return Target(
        report=report,
        ref=root,
        system=names.take(f"{root}#os") if distro else "",
        packages={package: reference(names, package) for package in packages_of(report)},
    )


def _body(targets: Sequence[Target], options: Options) -> Json:
    alone = len(targets) == 1
    roots = [_root(target) for target in targets]
    parts = [part for target in targets for part in _parts(target)]
    body = {
        "metadata": _metadata(targets, roots[0] if alone else None),
        "components": parts if alone else [*roots, *parts],
        "dependencies": [_dependency(target) for target in targets],
    }
    incomplete = [target.ref for target in targets if gaps_of(target.report)]
    if incomplete:
        body["compositions"] = [{"aggregate": "incomplete", "assemblies": incomplete}]
    if options.kind is Kind.SCAN:
        parts_by_report = [(target.report, target.packages, target.ref) for target in targets]
        body["vulnerabilities"] = vulnerability_objects(parts_by_report)
    return body


def _metadata(targets: Sequence[Target], root: Json | None) -> Json:
    tool = {
        "type": "application",
        "name": NAME,
        "version": VERSION,
        "externalReferences": [{"type": "website", "url": HOME}],
    }
    gaps = [("gap", str(gap)) for target in targets for gap in gaps_of(target.report)]
    return filled(
        [
            ("tools", {"components": [tool]}),
            ("component", root),
            ("properties", properties(gaps)),
        ]
    )


def _root(target: Target) -> Json:
    image = target.report.subject
    return filled(
        [
            ("type", "container" if image.config_digest else "application"),
            ("bom-ref", target.ref),
            ("name", target.report.target or image.name or "unnamed"),
            ("version", image.config_digest[:LONGEST_VERSION]),
            ("purl", image_purl(image)),
            ("properties", properties(_facts(image))),
        ]
    )


def _facts(image: Image) -> Iterator[tuple[str, str]]:
    yield "platform", image.platform
    yield "configDigest", image.config_digest
    for digest in image.manifest_digests:
        yield "manifestDigest", digest
    for digest in image.index_digests:
        yield "indexDigest", digest
    for tag in image.tags:
        yield "tag", tag
    for layer in image.layers:
        yield "layer", layer.diff_id


def _parts(target: Target) -> Iterator[Json]:
    if distro := target.report.inventory.distro:
        yield _system(distro, target.system)
    for package, ref in target.packages.items():
        yield component(package, ref)


def _system(distro: Distro, ref: str) -> Json:
    return filled(
        [
            ("type", "operating-system"),
            ("bom-ref", ref),
            ("name", distro.id or "unknown"),
            ("version", distro.version[:LONGEST_VERSION]),
            ("description", distro.name),
        ]
    )


def _dependency(target: Target) -> Json:
    parts = [target.system, *target.packages.values()]
    return {"ref": target.ref, "dependsOn": [ref for ref in parts if ref]}
