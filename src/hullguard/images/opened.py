"""An image that is ready to be read, wherever it comes from."""

from collections.abc import Callable, Iterator, Sequence

import msgspec

from hullguard.images.facts import LayerFacts
from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, Image, Malformed

Chunks = Iterator[bytes]


class OpenedImage(msgspec.Struct, frozen=True, kw_only=True):
    """An image with a way to its bytes: layers for images, a walk for folders."""

    image: Image
    asked: str = ""  # the target as typed
    kind: str = "image"  # of the asset: "image", "directory"
    where: Where = Where.INSTALLED
    blob: Callable[[int], Chunks] | None = None  # the chunks of a layer, counted from 0
    walk: Callable[[Wanted, Budget], LayerFacts] | None = None  # a folder's facts
    gaps: tuple[Gap, ...] = ()


def readable(openers: Sequence[Callable[[], OpenedImage]]) -> list[OpenedImage]:
    """Open several images; those that make no sense are gaps of the others.

    Raises:
        Malformed: none makes sense.
    """
    images: list[OpenedImage] = []
    faults: list[Malformed] = []
    for opener in openers:
        try:
            images.append(opener())
        except Malformed as fault:
            faults.append(fault)
    if faults and not images:
        raise faults[0]
    gaps = tuple(Gap(fault.where, fault.why) for fault in faults)
    return [msgspec.structs.replace(images[0], gaps=gaps), *images[1:]] if gaps else images
