"""One package as a CycloneDX component."""

from collections.abc import Iterable, Iterator
from typing import Any

from hullguard.model import Package
from hullguard.report.licences import expression
from hullguard.report.origin import shorten
from hullguard.report.parts import filled, hashes_of

Json = dict[str, Any]

LONGEST_VERSION = 1024  # of any version in a document
_ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha384": "SHA-384",
    "sha512": "SHA-512",
}
_SCOPES = {"dev": "excluded", "build": "excluded", "optional": "optional"}
_SEPARATORS = {"maven": ":", "npm": "/", "composer": "/"}


def component(package: Package, ref: str) -> Json:
    """Return the component; what the package does not tell is left out."""
    group, name = _split(package)
    return filled(
        [
            ("type", "library"),
            ("bom-ref", ref),
            ("publisher", package.vendor),
            ("group", group),
            ("name", name or "unnamed"),
            ("version", package.version[:LONGEST_VERSION]),
            ("scope", _SCOPES.get(package.scope)),
            ("hashes", [_hash(*each) for each in dict.fromkeys(hashes_of(package))]),
            ("licenses", _licences(package.licence)),
            ("purl", package.purl),
            ("evidence", {"occurrences": [{"location": package.path}]} if package.path else {}),
            ("properties", properties(_facts(package))),
        ]
    )


def properties(facts: Iterable[tuple[str, str]]) -> list[Json]:
    """Return facts as properties of our name space, those without a value left out."""
    return [{"name": f"hullguard:{name}", "value": value} for name, value in facts if value]


def _facts(package: Package) -> Iterator[tuple[str, str]]:
    yield "type", package.type
    yield "arch", package.arch
    yield "source", package.source
    yield "sourceVersion", package.source_version
    yield "path", package.path
    yield "layer", package.layer
    yield "broughtBy", shorten(package.created_by)  # without the values of build arguments
    yield "ownedBy", package.owned_by
    yield "scope", package.scope
    yield "module", package.module


def _split(package: Package) -> tuple[str, str]:
    """Return group and name, where the ecosystem has both."""
    separator = _SEPARATORS.get(package.type)
    if separator is None:
        return "", package.name
    group, _, name = package.name.rpartition(separator)
    return group, name


def _hash(algorithm: str, digest: str) -> Json:
    return {"alg": _ALGORITHMS[algorithm], "content": digest}


def _licences(text: str) -> list[Json]:
    if spdx := expression(text) if text else "":
        return [{"expression": spdx}]
    return [{"license": {"name": text}}] if text else []
