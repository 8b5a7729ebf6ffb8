"""Targets, distributions and packages as SPDX 2.3 packages (source: SPDX 2.3, section 7)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Any

from hullguard.model import Distro, Package, Report
from hullguard.report.licences import expression
from hullguard.report.links import page_of
from hullguard.report.origin import shorten
from hullguard.report.parts import Names, filled, hashes_of, image_purl

Json = dict[str, Any]

_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9.-]+")
_UNSAID = "NOASSERTION"
_NAMELESS = "unnamed"
_PURL = re.compile(r"pkg:[A-Za-z0-9.+-]+/\S+", re.ASCII)


def identifier(names: Names, kind: str, *parts: str) -> str:
    """Return an SPDX identifier that stays the same from scan to scan: kind and a digest."""
    digest = blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=10).hexdigest()
    return names.take(f"SPDXRef-{_NOT_ALLOWED.sub('-', kind) or 'part'}-{digest}")


def root_package(report: Report, ref: str) -> Json:
    """Return the target itself."""
    image = report.subject
    purpose = "CONTAINER" if image.config_digest else "SOURCE"
    return _package(
        ref,
        report.target or _NAMELESS,
        ("versionInfo", image.config_digest),
        ("primaryPackagePurpose", purpose),
        ("externalRefs", list(_purl_reference(image_purl(image)))),
    )


def system_package(distro: Distro, ref: str) -> Json:
    """Return the distribution."""
    return _package(
        ref,
        distro.id or _NAMELESS,
        ("versionInfo", distro.version),
        ("primaryPackagePurpose", "OPERATING-SYSTEM"),
        ("description", distro.name),
    )


def software_package(package: Package, ref: str, advisories: Sequence[str]) -> Json:
    """Return a package that was found, with the advisories that speak of it."""
    security = [reference for id_ in dict.fromkeys(advisories) for reference in _advisory(id_)]
    return _package(
        ref,
        package.name or _NAMELESS,
        ("versionInfo", package.version),
        ("supplier", f"Organization: {_line(package.vendor)}" if _line(package.vendor) else ""),
        ("checksums", [_checksum(*each) for each in dict.fromkeys(hashes_of(package))]),
        ("licenseDeclared", licence_of(package) or _UNSAID),
        ("sourceInfo", _source_info(package)),
        ("externalRefs", [*_purl_reference(package.purl), *security]),
    )


def licence_of(package: Package) -> str:
    """Return the licence as an expression, or a reference to its extracted words."""
    if not package.licence:
        return ""
    return expression(package.licence) or _licence_reference(package.licence)


def extracted_licences(packages: Iterable[Package]) -> list[Json]:
    """Return what `LicenseRef-...` stand for: licences in the packages' own words."""
    texts = sorted({each.licence for each in packages if each.licence})
    return [
        {"licenseId": _licence_reference(text), "name": text, "extractedText": text}
        for text in texts
        if not expression(text)
    ]


def _package(ref: str, name: str, *facts: tuple[str, Any]) -> Json:
    return {
        "SPDXID": ref,
        "name": name,
        "downloadLocation": _UNSAID,
        "filesAnalyzed": False,
        "licenseConcluded": _UNSAID,
        "licenseDeclared": _UNSAID,
        "copyrightText": _UNSAID,
        **filled(facts),
    }


def _licence_reference(text: str) -> str:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
    return f"LicenseRef-{digest}"


def _source_info(package: Package) -> str:
    """Tell in words what SPDX has no field for; see `hullguard.report.cyclonedx_component`."""
    told = (
        ("built from", f"{package.source} {package.source_version}".strip()),
        ("told by", package.path),
        ("layer", package.layer),
        ("brought by", shorten(package.created_by)),
        ("owned by", package.owned_by),
    )
    return "; ".join(f"{word} {value}" for word, value in told if value)


def _purl_reference(purl: str) -> Iterator[Json]:
    if _PURL.fullmatch(purl):
        yield {
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": purl,
        }


def _advisory(id_: str) -> Iterator[Json]:
    if page := page_of(id_):
        yield {
            "referenceCategory": "SECURITY",
            "referenceType": "advisory",
            "referenceLocator": page,
        }


def _checksum(algorithm: str, digest: str) -> Json:
    return {"algorithm": algorithm.upper(), "checksumValue": digest}


def _line(text: str) -> str:
    return " ".join(text.split())
