"""What an image's config says (sources: OCI image spec 1.1, config.md; Docker image spec v1.2)."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hullguard.images.lenient_json import decode
from hullguard.images.manifest import Descriptor, Platform, is_digest
from hullguard.model import Image, ImageConfig, Layer, Malformed


class _RootFs(msgspec.Struct, frozen=True):
    diff_ids: list[str] = []


class _Config(msgspec.Struct, frozen=True):
    """What has to be as the specification says; the rest is taken as it comes."""

    rootfs: _RootFs = _RootFs()
    architecture: Any = ""
    os: Any = ""
    variant: Any = ""
    created: Any = ""
    history: Any = None
    config: Any = None


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
    parsed = decode(config, _Config, where, "image config")
    diff_ids = parsed.rootfs.diff_ids
    if len(diff_ids) != len(layers):
        why = f"speaks of {len(diff_ids)} layers, the manifest of {len(layers)}"
        raise Malformed(where, why)
    if odd := [diff_id for diff_id in diff_ids if not is_digest(diff_id)]:  # keys of the cache
        raise Malformed(where, f"names a layer {odd[0][:80]!r}, which is no sha256 digest")
    commands = _commands(parsed.history, len(diff_ids))
    platform = Platform(_text(parsed.os), _text(parsed.architecture), _text(parsed.variant))
    return Image(
        name=name,
        config_digest="sha256:" + hashlib.sha256(config).hexdigest(),
        platform=str(platform),
        layers=tuple(
            Layer(diff_id=diff_id, digest=entry.digest, size=entry.size, created_by=command)
            for diff_id, entry, command in zip(diff_ids, layers, commands, strict=True)
        ),
        config=_image_config(_mapping(parsed.config), _text(parsed.created)),
        raw_config=decode(config, dict[str, Any], where, "image config"),
    )


def _commands(history: object, layers: int) -> list[str]:
    """Pair history with layers; where they do not fit, no line is better than a wrong one."""
    entries = [_mapping(entry) for entry in history] if isinstance(history, list) else []
    lines = [
        _text(entry.get("created_by")) or _text(entry.get("comment"))
        for entry in entries
        if entry.get("empty_layer") is not True
    ]
    return lines if len(lines) == layers else [""] * layers


def _image_config(config: Mapping[str, Any], created: str) -> ImageConfig:
    labels = _mapping(config.get("Labels"))
    return ImageConfig(
        user=_text(config.get("User")),
        env=_texts(config.get("Env")),
        entrypoint=_texts(config.get("Entrypoint")),
        cmd=_texts(config.get("Cmd")),
        working_dir=_text(config.get("WorkingDir")),
        exposed_ports=tuple(_mapping(config.get("ExposedPorts"))),
        labels={key: _text(value) for key, value in labels.items()},
        healthcheck=_texts(_mapping(config.get("Healthcheck")).get("Test")),
        created=created,
    )


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    """Return texts and numbers as text; of anything else there is nothing to say."""
    return str(value) if isinstance(value, str | int | float) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, value if isinstance(value, list) else [value] if value else []))
