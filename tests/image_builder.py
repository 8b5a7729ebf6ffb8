"""Builds small images for tests: layers from literal members, as OCI layouts and archives."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard


@dataclass(frozen=True)
class Link:
    """A symbolic link, or a hard one."""

    target: str
    hard: bool = False


@dataclass(frozen=True)
class Folder:
    """A folder entry."""


@dataclass(frozen=True)
class Program:
    """A file with the executable bit."""

    data: bytes


Content = bytes | Link | Folder | Program


def tar(members: Mapping[str, Content] | Iterable[tuple[str, Content]]) -> bytes:
    """Return a tar of the members, in their order, with fixed dates."""
    pairs = members.items() if isinstance(members, Mapping) else members
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in pairs:
            archive.addfile(*_member(name, content))
    return buffer.getvalue()


def _member(name: str, content: Content) -> tuple[tarfile.TarInfo, io.BytesIO | None]:
    info = tarfile.TarInfo(name)
    info.mode = 0o644
    match content:
        case Link(target, hard):
            info.type = tarfile.LNKTYPE if hard else tarfile.SYMTYPE
            info.linkname = target
            return info, None
        case Folder():
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            return info, None
        case Program(data):
            info.mode = 0o755
        case bytes() as data:
            pass
    info.size = len(data)
    return info, io.BytesIO(data)


def sha256(data: bytes) -> str:
    """Return a digest as images write it."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
    "none": lambda data: data,
}
_LAYER = "application/vnd.oci.image.layer.v1.tar"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"


@dataclass
class BuiltImage:
    """An image as its blobs; `tars` are the layers from the lowest up.

    Each of the `commands` made a layer, unless a whole `history` is given.
    """

    tars: Sequence[bytes]
    commands: Sequence[str] = ()
    config: dict[str, Any] = field(default_factory=dict)
    packer: str = "gzip"
    architecture: str = "amd64"
    tag: str = ""
    history: Sequence[Mapping[str, Any]] = ()

    def __post_init__(self) -> None:
        """Pack the layers and write config and manifest."""
        packed = [PACKERS[self.packer](data) for data in self.tars]
        self.blobs = {sha256(data): data for data in packed}
        self.config_bytes = _json(self._config())
        self.config_digest = sha256(self.config_bytes)
        layers = [_descriptor(data, f"{_LAYER}+{self.packer}") for data in packed]
        self.layer_digests = [layer["digest"] for layer in layers]
        self.manifest = _json(
            {
                "schemaVersion": 2,
                "mediaType": _MANIFEST,
                "config": _descriptor(self.config_bytes, _CONFIG),
                "layers": layers,
            }
        )
        self.manifest_digest = sha256(self.manifest)
        self.blobs |= {self.config_digest: self.config_bytes, self.manifest_digest: self.manifest}

    def _config(self) -> dict[str, Any]:
        history = self.history or [{"created_by": command} for command in self.commands]
        return {
            "architecture": self.architecture,
            "os": "linux",
            "created": "2026-01-02T03:04:05Z",
            "config": self.config,
            "rootfs": {"type": "layers", "diff_ids": [sha256(data) for data in self.tars]},
            "history": history,
        }

    @property
    def descriptor(self) -> dict[str, Any]:
        """The manifest as an index names it."""
        entry = _descriptor(self.manifest, _MANIFEST)
        entry["platform"] = {"os": "linux", "architecture": self.architecture}
        if self.tag:
            entry["annotations"] = {"org.opencontainers.image.ref.name": self.tag}
        return entry

    def layout(self, folder: Path) -> Path:
        """Write an OCI layout."""
        return write_layout(folder, [self])

    def oci_archive(self, path: Path) -> Path:
        """Write an OCI layout into a tar."""
        index = _json({"schemaVersion": 2, "manifests": [self.descriptor]})
        files = {"oci-layout": b'{"imageLayoutVersion":"1.0.0"}', "index.json": index}
        path.write_bytes(tar(files | {_blob(digest): data for digest, data in self.blobs.items()}))
        return path

    def docker_archive(self, path: Path, *others: "BuiltImage") -> Path:
        """Write what `docker save` writes, with this image and others."""
        files: dict[str, Content] = {}
        entries = []
        for image in (self, *others):
            layers = {f"{sha256(data)[7:]}/layer.tar": data for data in image.tars}
            config = f"{image.config_digest[7:]}.json"
            files |= layers | {config: image.config_bytes}
            tags = [image.tag] if image.tag else None
            entries.append({"Config": config, "RepoTags": tags, "Layers": list(layers)})
        path.write_bytes(tar(files | {"manifest.json": _json(entries)}))
        return path


def write_layout(
    folder: Path, images: Sequence[BuiltImage], index: dict[str, Any] | None = None
) -> Path:
    """Write an OCI layout of several images, listed by `index` or one by one."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)
    for image in images:
        for digest, data in image.blobs.items():
            (blobs / digest[7:]).write_bytes(data)
    (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
    listed = index or {"schemaVersion": 2, "manifests": [image.descriptor for image in images]}
    (folder / "index.json").write_bytes(_json(listed))
    return folder


def nested_index(folder: Path, images: Sequence[BuiltImage]) -> dict[str, Any]:
    """Put an index of the images among a layout's blobs, and return an index that names it."""
    inner = _json(
        {"schemaVersion": 2, "mediaType": _INDEX, "manifests": [i.descriptor for i in images]}
    )
    path = folder / "blobs" / "sha256" / sha256(inner)[7:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(inner)
    return {"schemaVersion": 2, "manifests": [_descriptor(inner, _INDEX)]}


def _blob(digest: str) -> str:
    return f"blobs/sha256/{digest.removeprefix('sha256:')}"


def _descriptor(data: bytes, media_type: str) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": sha256(data), "size": len(data)}


def _json(value: object) -> bytes:
    return json.dumps(value).encode()
