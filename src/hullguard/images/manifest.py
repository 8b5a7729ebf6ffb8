"""What indexes and manifests say (sources: OCI image spec 1.1; Docker image manifest v2-2)."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated

import msgspec

from hullguard.images.lenient_json import decode
from hullguard.model import MIB, Malformed, Misused

LARGEST_DOCUMENT = 8 * MIB
"""Bytes of an index, a manifest or a config; registries take no larger ones."""

_DIGEST = re.compile(r"sha256:[a-f0-9]{64}\Z")
_NESTED_INDEXES = 4
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
_REF_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")
_UNTYPED = "application/octet-stream"  # as the first Docker clients pushed
_CONFIGS = frozenset(
    {
        "",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.container.image.v1+json",
        _UNTYPED,
    }
)
_OTHERS = {
    "application/vnd.cncf.helm.config.v1+json": "a Helm chart",
    "application/vnd.docker.plugin.v1+json": "a Docker plugin",
    "application/vnd.oci.empty.v1+json": "an artifact without a config",
    "application/vnd.wasm.config.v0+json": "a WebAssembly module",
}


class Platform(msgspec.Struct, frozen=True):
    """The platform of a manifest in an index."""

    os: str | None = ""
    architecture: str | None = ""
    variant: str | None = ""

    def __str__(self) -> str:
        """Return it as `--platform` takes it."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class Descriptor(msgspec.Struct, frozen=True, rename="camel"):
    """Names a blob."""

    digest: str
    size: Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)] = 0
    media_type: str | None = ""
    platform: Platform | None = None
    annotations: dict[str, str] | None = None
    urls: list[str] | None = None

    @property
    def is_image(self) -> bool:
        """Whether it can be an image; attestations lie in the same list."""
        if "vnd.docker.reference.type" in (self.annotations or {}):
            return False
        return self.platform is None or self.platform.os != "unknown"


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """An index or a manifest: which one is told by what is filled."""

    manifests: list[Descriptor] | None = None
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One image found: its manifest, the indexes above it, and the blobs it names."""

    manifest: Document
    manifest_digest: str
    index_digests: tuple[str, ...] = ()


Fetch = Callable[[Descriptor], bytes]
"""Returns the bytes of an index, manifest or config, already checked against the digest."""


def parse(data: bytes, where: str) -> Document:
    """Read an index or manifest.

    Raises:
        Malformed: it is neither.
    """
    document = decode(data, Document, where, "image manifest or index")
    if document.manifests is None and (document.config is None or document.layers is None):
        raise Malformed(where, "is no image manifest or index (it has no layers)")
    return document


def choose(
    data: bytes, digest: str, wanted: str, fetch: Fetch, above: tuple[str, ...] = ()
) -> Choice:
    """Follow an index down to the manifest for a platform.

    Args:
        data: the bytes of an index or a manifest.
        digest: their digest.
        wanted: `os/architecture[/variant]`; empty for this machine's.
        fetch: gets the documents below.
        above: digests of the indexes that led here.

    Raises:
        Malformed: a document makes no sense, or indexes are nested too deep.
        Misused: no image, or none for the platform.
    """
    document = parse(data, digest)
    if document.manifests is None:
        return Choice(manifest=document, manifest_digest=digest, index_digests=above)
    if len(above) >= _NESTED_INDEXES:
        raise Malformed(digest, "indexes are nested too deep")
    chosen = pick([entry for entry in document.manifests if entry.is_image], wanted)
    return choose(fetch(chosen), chosen.digest, wanted, fetch, (*above, digest))


def container(choice: Choice) -> tuple[Descriptor, list[Descriptor]]:
    """Return the config and the layers of a container image.

    Raises:
        Malformed: the manifest is of something else that registries hold.
    """
    config, layers = choice.manifest.config, choice.manifest.layers
    if config is None or layers is None:  # parse() has seen to it
        raise Malformed(choice.manifest_digest, "is no image manifest")
    kind = config.media_type or ""
    if kind not in _CONFIGS:
        what = _OTHERS.get(kind, "something else")
        raise Malformed(
            choice.manifest_digest, f"is no container image, but {what} ({kind[:80]!r})"
        )
    return config, layers


def fault_of_layer(layer: Descriptor) -> str:
    """Say why a layer cannot be read, by its media type; empty where it can.

    Compression is told by the bytes, not by the media type, which lies often enough.
    """
    kind = layer.media_type or ""
    if "+encrypted" in kind:
        return f"is encrypted ({kind[:80]!r}): decrypt the image, then scan it"
    if kind and "tar" not in kind and kind != _UNTYPED:
        return f"is no layer of files, but of the type {kind[:80]!r}"
    return ""


def pick(candidates: Sequence[Descriptor], wanted: str) -> Descriptor:
    """Choose the manifest for a platform; the only one where nothing was asked for.

    Raises:
        Misused: none fits; the message names those there are.
    """
    machine = os.uname().machine
    asked = wanted or f"linux/{_ARCHES.get(machine, machine)}"
    fitting = [entry for entry in candidates if _fits(entry.platform, asked)]
    if fitting:
        return fitting[0]
    if len(candidates) == 1 and not wanted:
        return candidates[0]
    offered = ", ".join(sorted({str(entry.platform or "?") for entry in candidates}))
    raise Misused(f"no image for the platform {asked} in the index; it offers: {offered or 'none'}")


def _fits(platform: Platform | None, asked: str) -> bool:
    if platform is None:
        return True
    offered = str(platform)
    return offered == asked or offered.startswith(asked + "/") or asked == f"{offered}/v8"


def grouped(manifests: Sequence[Descriptor]) -> Iterator[tuple[tuple[str, ...], list[Descriptor]]]:
    """Group the entries of a layout's index: those of one name, or of none but with platforms,
    are one image; every other entry is an image of its own."""  # noqa: D205, D209 - one sentence
    groups: dict[str, list[Descriptor]] = {}
    for entry in manifests:
        if entry.is_image:
            notes = entry.annotations or {}
            name = next((notes[key] for key in _REF_NAMES if key in notes), "")
            groups.setdefault(name or ("" if entry.platform else entry.digest), []).append(entry)
    for name, entries in groups.items():
        yield ((name,) if name and not is_digest(name) else ()), entries


def is_digest(text: str) -> bool:
    """Tell whether a text is a sha256 digest as images write it."""
    return bool(_DIGEST.match(text))


def check_digest(data: bytes, digest: str, where: str) -> bytes:
    """Return the bytes if they are what the digest promises.

    Raises:
        Malformed: they are not, or the digest is of an unknown kind.
    """
    if not is_digest(digest):
        raise Malformed(where, f"names {digest[:80]!r}, which is no sha256 digest")
    actual = "sha256:" + hashlib.sha256(data).hexdigest()
    if actual != digest:
        raise Malformed(where, f"is {actual}, but should be {digest}: not to be trusted")
    return data
