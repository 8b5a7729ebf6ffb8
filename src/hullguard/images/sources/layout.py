"""OCI layouts, as folders or inside a tar: blobs by their digests, with checks.

Source: OCI image spec, image-layout.md.
"""

from functools import partial

import msgspec

from hullguard.images.config import image
from hullguard.images.manifest import (
    Descriptor,
    check_digest,
    choose,
    container,
    fault_of_layer,
    grouped,
    is_digest,
    parse,
    pick,
)
from hullguard.images.opened import Chunks, OpenedImage, readable
from hullguard.images.sources.shelf import Shelf, document
from hullguard.model import Malformed, Misused


def open_layout(shelf: Shelf, platform: str) -> list[OpenedImage]:
    """Open every image of an OCI layout.

    Raises:
        Malformed: the index or a manifest makes no sense or is missing.
        Misused: there is no image for the platform.
    """
    index = parse(document(shelf, "index.json"), f"{shelf.name}: index.json")
    groups = list(grouped(index.manifests or []))
    if not groups:
        raise Misused(f"{shelf.name} holds no image")
    images: dict[str, OpenedImage] = {}
    for found in readable([partial(_open_group, shelf, *group, platform) for group in groups]):
        twin = images.get(found.image.config_digest)
        images[found.image.config_digest] = _merged(twin, found) if twin else found
    return list(images.values())


def _open_group(
    shelf: Shelf, names: tuple[str, ...], entries: list[Descriptor], platform: str
) -> OpenedImage:
    fetch = _Fetcher(shelf)
    start = entries[0] if len(entries) == 1 else pick(entries, platform)
    choice = choose(fetch(start), start.digest, platform, fetch)
    config, layers = container(choice)
    found = image(
        fetch(config),
        name=names[0] if names else shelf.name,
        layers=layers,
        where=f"{shelf.name}: {config.digest}",
    )
    return OpenedImage(
        image=msgspec.structs.replace(
            found,
            tags=names,
            manifest_digests=(choice.manifest_digest,),
            index_digests=choice.index_digests,
        ),
        blob=lambda number: _layer(shelf, layers[number]),
    )


def _layer(shelf: Shelf, layer: Descriptor) -> Chunks:
    if fault := fault_of_layer(layer):
        raise Malformed(layer.digest, fault)
    path = _blob_path(layer.digest)
    if path not in shelf and layer.urls:
        raise Malformed(path, f"is not in the image, but at {layer.urls[0][:200]!r}")
    yield from shelf.chunks(path)


def _merged(one: OpenedImage, other: OpenedImage) -> OpenedImage:
    tags = tuple(dict.fromkeys((*one.image.tags, *other.image.tags)))
    return msgspec.structs.replace(one, image=msgspec.structs.replace(one.image, tags=tags))


class _Fetcher:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __call__(self, descriptor: Descriptor) -> bytes:
        data = document(self._shelf, _blob_path(descriptor.digest))
        return check_digest(data, descriptor.digest, f"{self._shelf.name}: {descriptor.digest}")


def _blob_path(digest: str) -> str:
    """Return where a blob lies; digests come from files, so nothing but a digest may pass."""
    if not is_digest(digest):
        raise Malformed(repr(digest[:80]), "is no sha256 digest")
    return f"blobs/{digest.replace(':', '/')}"
