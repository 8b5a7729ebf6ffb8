"""An image that is ready to be read, wherever it comes from."""

from collections.abc import Callable, Iterator

import msgspec

from hullguard.images.facts import LayerFacts
from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, Image

Chunks = Iterator[bytes]


class OpenedImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image with a way to its bytes: layers for images, a walk for folders."""

    image: Image
    kind: str = "image"  # of the asset: "image", "directory"
    where: Where = Where.INSTALLED
    blob: Callable[[int], Chunks] | None = None  # the chunks of a layer, counted from 0
    walk: Callable[[Wanted, Budget], LayerFacts] | None = None  # a folder's facts
    gaps: tuple[Gap, ...] = ()
