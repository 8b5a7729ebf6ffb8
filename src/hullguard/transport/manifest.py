"""Manifests as registries hand them out: checked against their digest, and of a kind we know.

Sources: OCI image spec (manifest.md, image-index.md, descriptor.md), OCI distribution spec
("Pulling manifests"), Docker's image manifest version 2 schema 2.
"""

import hashlib
from typing import Any

import msgspec

from hullguard.model import Malformed
from hullguard.transport.reference import fault_of_digest

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
KINDS = (OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST)
ACCEPT = ", ".join(KINDS)
_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+"
_TOO_OLD = (
    "is in the first Docker format (schema 1), given up since 2017. "
    "Pull it with an old Docker and push it again with a new one"
)


class Manifest(msgspec.Struct, frozen=True):
    """An index or manifest, byte for byte as stored."""

    content: bytes
    media_type: str  # one of KINDS
    digest: str  # of the content, checked


class Descriptor(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A pointer to something in a registry (source: OCI image spec, descriptor.md)."""

    media_type: str
    digest: str
    size: int
    artifact_type: str = ""
    annotations: dict[str, str] = {}


class _Outline(msgspec.Struct, rename="camel"):
    """As much of a manifest as tells its kind."""

    schema_version: int = 0
    media_type: str = ""
    manifests: msgspec.Raw = msgspec.Raw()
    layers: msgspec.Raw = msgspec.Raw()
    config: msgspec.Raw = msgspec.Raw()


class _Index(msgspec.Struct):
    manifests: list[Descriptor]


def check_manifest(
    content: bytes, *, content_type: str, asked: str, told: str, where: str
) -> Manifest:
    """Accept what a registry handed out.

    Args:
        content: the body.
        content_type: what the header says of it.
        asked: the digest it was asked for by; empty for a tag.
        told: the Docker-Content-Digest header; empty where there is none.
        where: registry and reference, for messages.

    Raises:
        Malformed: a digest is wrong, or it is no manifest of a kind we know.
    """
    for expected in filter(None, (asked, told)):
        actual = _digest_like(expected, content, where)
        if actual != expected:
            raise Malformed(where, f"has the digest {actual}, not {expected} as it should")
    media_type = _kind(content, content_type.partition(";")[0].strip().lower(), where)
    return Manifest(content, media_type, asked or told or _digest("sha256", content))


def _digest_like(digest: str, content: bytes, where: str) -> str:
    """Return the digest of some bytes by the algorithm of another digest."""
    if fault := fault_of_digest(digest):
        raise Malformed(where, f"has the digest {digest[:80]!r}, but {fault}")
    return _digest(digest.partition(":")[0], content)


def _digest(algorithm: str, content: bytes) -> str:
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


def read_index(manifest: Manifest, where: str) -> tuple[Descriptor, ...]:
    """Return what an index lists.

    Raises:
        Malformed: it is no index.
    """
    return tuple(decode(manifest.content, _Index, where).manifests)


def decode(content: bytes, kind: type[Any], where: str) -> Any:  # noqa: ANN401 (as the caller names)
    """Read JSON.

    Raises:
        Malformed: it is no JSON of this shape.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(where, f"is not what it should be: {error}") from error


def _kind(content: bytes, content_type: str, where: str) -> str:
    """Tell the kind by the content first: headers are often generic, and two readers must agree."""
    outline: _Outline = decode(content, _Outline, where)
    stated = outline.media_type or content_type
    if outline.schema_version == 1 or stated.startswith(_SCHEMA_1):
        raise Malformed(where, _TOO_OLD)
    if _has(outline.manifests) and _has(outline.layers):
        raise Malformed(where, "claims to be an index and a manifest at once")
    if len({stated, content_type} & set(KINDS)) > 1:
        raise Malformed(where, f"is called {content_type} but says it is {stated}")
    return stated if stated in KINDS else _guess(outline, stated, where)


def _guess(outline: _Outline, stated: str, where: str) -> str:
    if _has(outline.manifests):
        return OCI_INDEX
    if _has(outline.layers) and _has(outline.config):
        return OCI_MANIFEST
    raise Malformed(where, f"is neither an image nor an index, but {stated[:80]!r}")


def _has(value: msgspec.Raw) -> bool:
    return bytes(value) not in {b"", b"null"}
