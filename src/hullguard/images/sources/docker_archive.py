"""What `docker save` writes: one or several images in a tar.

Source: Docker image spec v1.2, "Combined Image JSON + Filesystem Changeset Format".
"""

from functools import partial

import msgspec

from hullguard.images.config import image
from hullguard.images.lenient_json import decode
from hullguard.images.manifest import Descriptor
from hullguard.images.opened import OpenedImage, readable
from hullguard.images.sources.shelf import Shelf, document
from hullguard.model import Misused


class _Entry(msgspec.Struct, frozen=True, rename="pascal"):
    """One image of a docker archive's manifest.json."""

    config: str
    layers: list[str] | None = None
    repo_tags: list[str] | None = None


def open_docker_archive(shelf: Shelf) -> list[OpenedImage]:
    """Open every image of what `docker save` wrote.

    Raises:
        Malformed: its manifest or a config makes no sense or is missing.
        Misused: it holds no image.
    """
    data = document(shelf, "manifest.json")
    where = f"{shelf.name}: manifest.json"
    entries = decode(data, list[_Entry], where, "manifest of a docker archive")
    if not entries:
        raise Misused(f"{shelf.name} holds no image")
    return readable([partial(_open_entry, shelf, entry) for entry in entries])


def _open_entry(shelf: Shelf, entry: _Entry) -> OpenedImage:
    paths = entry.layers or []
    layers = [Descriptor(digest="", size=_size(shelf, path)) for path in paths]
    tags = tuple(entry.repo_tags or ())
    found = image(
        document(shelf, entry.config),
        name=tags[0] if tags else shelf.name,
        layers=layers,
        where=f"{shelf.name}: {entry.config}",
    )
    return OpenedImage(
        image=msgspec.structs.replace(found, tags=tags),
        blob=lambda number: shelf.chunks(paths[number]),
    )


def _size(shelf: Shelf, path: str) -> int:
    return shelf.size(path) if path in shelf else 0
