"""What CycloneDX and SPDX both make of an inventory."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from hullguard.model import Image, Package, Report
from hullguard.report.about import HOME
from hullguard.report.encode import encode

_HEX_LENGTHS = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
_HEX = re.compile(r"[0-9a-fA-F]+")
_TAG = re.compile(r":\w[\w.-]{0,127}$", re.ASCII)


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """One report and what the document calls its parts."""

    report: Report
    ref: str
    system: str  # the distribution's reference; empty without one
    packages: dict[Package, str]


class Names:
    """Hands out references, each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: Counter[str] = Counter()

    def take(self, *wanted: str) -> str:
        """Return the first of the names that is free, or the last one with a number."""
        for name in wanted:
            if name and name not in self._taken:
                self._taken.add(name)
                return name
        self._counts[wanted[-1]] += 1
        return self.take(f"{wanted[-1]}-{self._counts[wanted[-1]] + 1}")


def packages_of(report: Report) -> list[Package]:
    """Return the packages in an order of their own, each once."""
    return sorted(dict.fromkeys(report.inventory.packages), key=_order)


def reference(names: Names, package: Package) -> str:
    """Return what a document calls this package."""
    plain = package.purl or f"{package.type}:{package.name}@{package.version}"
    return names.take(plain, f"{plain}#{package.path}")


def hashes_of(package: Package) -> Iterator[tuple[str, str]]:
    """Yield algorithm and digest of the hashes that are what they claim, in lower case."""
    for text in package.hashes:
        algorithm, _, digest = text.partition(":")
        algorithm = algorithm.lower().replace("-", "")
        if _HEX_LENGTHS.get(algorithm) == len(digest) and _HEX.fullmatch(digest):
            yield algorithm, digest.lower()


def image_purl(image: Image) -> str:
    """Return the image's purl; empty without a manifest digest (source: purl-spec, type oci)."""
    if not image.manifest_digests:
        return ""
    repository = _TAG.sub("", (*image.tags, image.name)[0].partition("@")[0])
    name = quote(repository.rpartition("/")[2].lower(), safe="", errors="replace")
    address = quote(repository, safe="/", errors="replace")
    return f"pkg:oci/{name}@{image.manifest_digests[0]}?repository_url={address}" if name else ""


def identity(document: dict[str, Any]) -> UUID:
    """Return a UUID made of a document's content: the same content, the same UUID."""
    return uuid5(NAMESPACE_URL, f"{HOME}/document/{sha256(encode(document)).hexdigest()}")


def filled(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs that say something."""
    return {key: value for key, value in pairs if value not in (None, "", (), [], {})}


def _order(package: Package) -> tuple[str, str, str, str, str]:
    return (package.type, package.name, package.version, package.path, package.purl)
