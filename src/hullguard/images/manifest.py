"""What manifests and configs say (sources: OCI image spec 1.1; Docker image manifest v2-2)."""

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from hullguard.model import Image, ImageConfig, Layer, Malformed, Misused

_DIGEST = re.compile(r"sha256:[a-f0-9]{64}\Z")
_NESTED_INDEXES = 4
_ARCHES = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "arm", "i686": "386"}
_REF_NAMES = ("io.containerd.image.name", "org.opencontainers.image.ref.name")


class Platform(msgspec.Struct, frozen=True):
    """The platform of a manifest in an index."""

    os: str = ""
    architecture: str = ""
    variant: str = ""

    def __str__(self) -> str:
        """Return it as `--platform` takes it."""
        return "/".join(part for part in (self.os, self.architecture, self.variant) if part)


class Descriptor(msgspec.Struct, frozen=True, rename="camel"):
    """Names a blob."""

    digest: str
    size: int = 0
    media_type: str = ""
    platform: Platform | None = None
    annotations: dict[str, str] = {}
    urls: list[str] = []

    @property
    def is_image(self) -> bool:
        """Whether it can be an image; attestations lie in the same list."""
        if "vnd.docker.reference.type" in self.annotations:
            return False
        return self.platform is None or self.platform.os != "unknown"


class Document(msgspec.Struct, frozen=True, rename="camel"):
    """An index or a manifest: which one is told by what is filled."""

    manifests: list[Descriptor] | None = None
    config: Descriptor | None = None
    layers: list[Descriptor] | None = None


class _History(msgspec.Struct, frozen=True):
    created_by: str = ""
    comment: str = ""
    empty_layer: bool = False


class _RootFs(msgspec.Struct, frozen=True):
    diff_ids: list[str] = []


class _Config(msgspec.Struct, frozen=True):
    architecture: str = ""
    os: str = ""
    variant: str = ""
    created: str | None = None
    rootfs: _RootFs = _RootFs()
    history: list[_History] | None = None
    config: dict[str, Any] | None = None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One image found: its manifest, the indexes above it, and the blobs it names."""

    manifest: Document
    manifest_digest: str
    index_digests: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


Fetch = Callable[[Descriptor], bytes]
"""Returns the bytes of an index, manifest or config, already checked against the digest."""


def parse(data: bytes, where: str) -> Document:
    """Read an index or manifest.

    Raises:
        Malformed: it is neither.
    """
    try:
        document = msgspec.json.decode(data, type=Document)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise Malformed(where, f"is no image manifest or index ({fault})") from None
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
            name = next(
                (entry.annotations[key] for key in _REF_NAMES if key in entry.annotations), ""
            )
            groups.setdefault(name or ("" if entry.platform else entry.digest), []).append(entry)
    for name, entries in groups.items():
        yield ((name,) if name and not _DIGEST.match(name) else ()), entries


def check_digest(data: bytes, digest: str, where: str) -> bytes:
    """Return the bytes if they are what the digest promises.

    Raises:
        Malformed: they are not, or the digest is of an unknown kind.
    """
    if not _DIGEST.match(digest):
        raise Malformed(where, f"names {digest[:80]!r}, which is no sha256 digest")
    actual = "sha256:" + hashlib.sha256(data).hexdigest()
    if actual != digest:
        raise Malformed(where, f"is {actual}, but should be {digest}: not to be trusted")
    return data


def image(config: bytes, *, name: str, layers: Sequence[Descriptor], where: str) -> Image:
    """Read an image's config.

    Args:
        config: its bytes.
        name: what the user called the image.
        layers: the manifest's layers; may have no digests (docker archives).
        where: names the config in messages.

    Raises:
        Malformed: it is no config, or does not fit the layers.
    """
    try:
        parsed = msgspec.json.decode(config, type=_Config)
        raw = msgspec.json.decode(config)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise Malformed(where, f"is no image config ({fault})") from None
    diff_ids = parsed.rootfs.diff_ids
    if len(diff_ids) != len(layers):
        why = f"speaks of {len(diff_ids)} layers, the manifest of {len(layers)}"
        raise Malformed(where, why)
    if odd := [diff_id for diff_id in diff_ids if not _DIGEST.match(diff_id)]:  # keys of the cache
        raise Malformed(where, f"names a layer {odd[0][:80]!r}, which is no sha256 digest")
    commands = _commands(parsed.history or [], len(diff_ids))
    return Image(
        name=name,
        config_digest="sha256:" + hashlib.sha256(config).hexdigest(),
        platform=str(Platform(parsed.os, parsed.architecture, parsed.variant)),
        layers=tuple(
            Layer(diff_id=diff_id, digest=entry.digest, size=entry.size, created_by=command)
            for diff_id, entry, command in zip(diff_ids, layers, commands, strict=True)
        ),
        config=_image_config(parsed),
        raw_config=raw,
    )


def _commands(history: Sequence[_History], layers: int) -> list[str]:
    """Pair history with layers; where they do not fit, no line is better than a wrong one."""
    lines = [entry.created_by or entry.comment for entry in history if not entry.empty_layer]
    return lines if len(lines) == layers else [""] * layers


def _image_config(parsed: _Config) -> ImageConfig:
    config = parsed.config or {}
    health = config.get("Healthcheck") or {}
    return ImageConfig(
        user=str(config.get("User") or ""),
        env=_texts(config.get("Env")),
        entrypoint=_texts(config.get("Entrypoint")),
        cmd=_texts(config.get("Cmd")),
        working_dir=str(config.get("WorkingDir") or ""),
        exposed_ports=_texts(list(config.get("ExposedPorts") or {})),
        labels={str(key): str(value) for key, value in (config.get("Labels") or {}).items()},
        healthcheck=_texts(health.get("Test") if isinstance(health, dict) else None),
        created=parsed.created or "",
    )


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(part) for part in value) if isinstance(value, list) else ()
