"""An image, known by its config digest; every other digest is an alias."""

from typing import Any

import msgspec


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One layer of an image, in the order of application."""

    diff_id: str  # sha256 of the uncompressed tar
    digest: str = ""  # sha256 of the blob as stored; empty where the source does not tell
    size: int = 0  # bytes as stored
    created_by: str = ""  # the history line that made it


class ImageConfig(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a container of this image starts (source: OCI image spec, config.md)."""

    user: str = ""
    env: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    cmd: tuple[str, ...] = ()
    working_dir: str = ""
    exposed_ports: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    healthcheck: tuple[str, ...] = ()  # ("CMD", ...), ("NONE",), or empty for none
    created: str = ""  # RFC 3339


class Image(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An image, or a directory scanned as if it were one (then without digests and layers)."""

    name: str  # what the user called it
    config_digest: str = ""
    manifest_digests: tuple[str, ...] = ()
    index_digests: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    platform: str = ""  # linux/amd64, linux/arm64/v8
    layers: tuple[Layer, ...] = ()
    config: ImageConfig = ImageConfig()
    raw_config: dict[str, Any] = {}
