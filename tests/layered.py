"""Images in memory: layers from tar archives, read as those of any other image are."""

from collections.abc import Iterable, Sequence

from hullguard.images.cache import LayerCache
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.model import Budget, Image, Inventory, Layer, Limits
from image_builder import sha256
from raw_tar import archive, entry

APK = "lib/apk/db/installed"
MUSL = archive(entry(APK, b"P:musl\nV:1.2.4-r2\nA:x86_64\n\n"))


def npm(name: str, version: str = "1.0.0") -> bytes:
    """Return a package.json."""
    return b'{"name": "%s", "version": "%s"}' % (name.encode(), version.encode())


def module(name: str) -> str:
    """Return where an npm package's package.json lies."""
    return f"app/node_modules/{name}/package.json"


LEFT = archive(entry(module("left"), npm("left")))


def opened(tars: Sequence[bytes], blobs: Sequence[Iterable[bytes]] | None = None) -> OpenedImage:
    """Return an image of these layers; `blobs` are what its source hands out for them."""
    found = blobs if blobs is not None else [chunks(data) for data in tars]
    layers = tuple(Layer(diff_id=sha256(data)) for data in tars)
    return OpenedImage(image=Image(name="shop", layers=layers), blob=lambda at: iter(found[at]))


def read(
    *tars: bytes,
    blobs: Sequence[Iterable[bytes]] | None = None,
    limits: Limits | None = None,
    cache: LayerCache | None = None,
) -> Inventory:
    """Read an image of these layers."""
    return read_image(opened(tars, blobs), cache or LayerCache(None), Budget(limits))


def chunks(data: bytes, size: int = 1 << 16) -> list[bytes]:
    """Cut data into pieces."""
    return [data[at : at + size] for at in range(0, len(data), size)]


def names(inventory: Inventory) -> list[str]:
    """Return the names of the packages found."""
    return sorted(package.name for package in inventory.packages)


def gaps(inventory: Inventory) -> list[str]:
    """Return the gaps as people read them."""
    return [str(gap) for gap in inventory.gaps]


def between(*entries: bytes) -> list[str]:
    """Read entries as a layer between two good ones, which must lose nothing; return the gaps."""
    inventory = read(MUSL, archive(*entries), LEFT)
    assert names(inventory) == ["left", "musl"]
    return gaps(inventory)
