"""OCI layouts and docker archives, as folders or inside a tar: blobs by name, with checks.

Sources: OCI image spec, image-layout.md; Docker image spec v1.2, "Combined Image JSON +
Filesystem Changeset Format".
"""

from pathlib import Path
from typing import Protocol

import msgspec

from hullguard.images.manifest import Descriptor, check_digest, choose, grouped, image, parse, pick
from hullguard.images.opened import Chunks, OpenedImage
from hullguard.model import MIB, Malformed, Misused

_LARGEST_DOCUMENT = 64 * MIB


class Shelf(Protocol):
    """Files by their path: a folder, or a tar archive."""

    name: str

    def __contains__(self, path: str) -> bool:
        """Tell whether the file is there."""

    def size(self, path: str) -> int:
        """Return a file's size in bytes."""

    def chunks(self, path: str) -> Chunks:
        """Yield a file's content; may be called from several threads.

        Raises:
            Malformed: the file is not there.
        """


class Folder:
    """A folder on disk as a shelf."""

    def __init__(self, root: Path) -> None:
        self.name = str(root)
        self._root = root

    def __contains__(self, path: str) -> bool:
        """Tell whether the file is there."""
        return (self._root / path).is_file()

    def size(self, path: str) -> int:
        """Return a file's size in bytes."""
        return (self._root / path).stat().st_size

    def chunks(self, path: str) -> Chunks:
        """Yield a file's content.

        Raises:
            Malformed: the file is not there.
        """
        try:
            with (self._root / path).open("rb") as file:
                while chunk := file.read(MIB):
                    yield chunk
        except OSError as fault:
            raise Malformed(f"{self.name}/{path}", fault.strerror or str(fault)) from None


def open_layout(shelf: Shelf, platform: str) -> list[OpenedImage]:
    """Open every image of an OCI layout.

    Raises:
        Malformed: the index or a manifest makes no sense or is missing.
        Misused: there is no image for the platform.
    """
    index = parse(_document(shelf, "index.json"), f"{shelf.name}: index.json")
    groups = list(grouped(index.manifests or []))
    if not groups:
        raise Misused(f"{shelf.name} holds no image")
    opened: dict[str, OpenedImage] = {}
    for names, entries in groups:
        found = _open_group(shelf, names, entries, platform)
        twin = opened.get(found.image.config_digest)
        opened[found.image.config_digest] = _merged(twin, found) if twin else found
    return list(opened.values())


def _open_group(
    shelf: Shelf, names: tuple[str, ...], entries: list[Descriptor], platform: str
) -> OpenedImage:
    fetch = _Fetcher(shelf)
    start = entries[0] if len(entries) == 1 else pick(entries, platform)
    choice = choose(fetch(start), start.digest, platform, fetch)
    manifest = choice.manifest
    if manifest.config is None or manifest.layers is None:  # choose() ends at a manifest
        raise Malformed(choice.manifest_digest, "is no image manifest")
    config = fetch(manifest.config)
    layers = manifest.layers
    found = image(
        config, name=names[0] if names else shelf.name, layers=layers, where=manifest.config.digest
    )
    return OpenedImage(
        image=msgspec.structs.replace(
            found,
            tags=names,
            manifest_digests=(choice.manifest_digest,),
            index_digests=choice.index_digests,
        ),
        blob=lambda number: shelf.chunks(_blob_path(layers[number].digest)),
    )


def _merged(one: OpenedImage, other: OpenedImage) -> OpenedImage:
    tags = tuple(dict.fromkeys((*one.image.tags, *other.image.tags)))
    return msgspec.structs.replace(one, image=msgspec.structs.replace(one.image, tags=tags))


class _Fetcher:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __call__(self, descriptor: Descriptor) -> bytes:
        data = _document(self._shelf, _blob_path(descriptor.digest))
        return check_digest(data, descriptor.digest, f"{self._shelf.name}: {descriptor.digest}")


def _blob_path(digest: str) -> str:
    """Return where a blob lies; digests come from files, so nothing but a digest may pass."""
    algorithm, _, encoded = digest.partition(":")
    if algorithm != "sha256" or not encoded.isalnum():
        raise Malformed(digest[:80], "is no sha256 digest")
    return f"blobs/sha256/{encoded}"


def _document(shelf: Shelf, path: str) -> bytes:
    if path not in shelf:
        raise Malformed(f"{shelf.name}: {path}", "is missing")
    if shelf.size(path) > _LARGEST_DOCUMENT:
        raise Malformed(f"{shelf.name}: {path}", "is absurdly large for a JSON document")
    return b"".join(shelf.chunks(path))


class _Entry(msgspec.Struct, frozen=True, rename="pascal"):
    """One image of a docker archive's manifest.json."""

    config: str
    layers: list[str] = []
    repo_tags: list[str] | None = None


def open_docker_archive(shelf: Shelf) -> list[OpenedImage]:
    """Open every image of what `docker save` wrote.

    Raises:
        Malformed: its manifest or a config makes no sense or is missing.
        Misused: it holds no image.
    """
    where = f"{shelf.name}: manifest.json"
    try:
        entries = msgspec.json.decode(_document(shelf, "manifest.json"), type=list[_Entry])
    except (msgspec.DecodeError, RecursionError) as fault:
        raise Malformed(where, f"is no docker archive's manifest ({fault})") from None
    if not entries:
        raise Misused(f"{shelf.name} holds no image")
    return [_open_entry(shelf, entry) for entry in entries]


def _open_entry(shelf: Shelf, entry: _Entry) -> OpenedImage:
    layers = [Descriptor(digest="", size=_size(shelf, path)) for path in entry.layers]
    tags = tuple(entry.repo_tags or ())
    found = image(
        _document(shelf, entry.config),
        name=tags[0] if tags else shelf.name,
        layers=layers,
        where=f"{shelf.name}: {entry.config}",
    )
    return OpenedImage(
        image=msgspec.structs.replace(found, tags=tags),
        blob=lambda number: shelf.chunks(entry.layers[number]),
    )


def _size(shelf: Shelf, path: str) -> int:
    return shelf.size(path) if path in shelf else 0
