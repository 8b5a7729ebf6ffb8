"""Collects what an image holds: every layer walked once, or taken from the cache, then joined."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from hullguard.images.cache import LayerCache
from hullguard.images.facts import LayerFacts
from hullguard.images.layers import read_layer
from hullguard.images.links import canonical, resolve
from hullguard.images.opened import Chunks, OpenedImage
from hullguard.images.squash import Squashed, squash
from hullguard.inventory.take import take_inventory
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, GapKind, Inventory, Malformed

_WORKERS = min(4, os.cpu_count() or 1)

OnBytes = Callable[[int, int], None]
"""Called with a layer's number, from 0, and how many of its stored bytes were just read."""


def read_image(
    opened: OpenedImage, cache: LayerCache, budget: Budget, on_bytes: OnBytes | None = None
) -> Inventory:
    """Return everything that is installed in an image; what could not be read is in its gaps."""
    wanted = Wanted(opened.where)
    layers = _facts(opened, wanted, cache, budget, on_bytes)
    squashed = squash(layers)
    aliases, gaps = _aliases(wanted, squashed)
    if aliases:
        layers = _facts(opened, Wanted(opened.where, aliases), cache, budget, on_bytes)
        squashed = squash(layers)
    inventory = take_inventory(
        squashed.placed, opened.image.layers, lambda path: canonical(path, squashed.links)
    )
    found = (*opened.gaps, *(gap for layer in layers for gap in layer.gaps), *gaps)
    return Inventory(
        packages=inventory.packages, distro=inventory.distro, gaps=(*found, *inventory.gaps)
    )


def _facts(
    opened: OpenedImage,
    wanted: Wanted,
    cache: LayerCache,
    budget: Budget,
    on_bytes: OnBytes | None,
) -> list[LayerFacts]:
    if opened.walk:
        return [opened.walk(wanted, budget)]
    one = _Reader(opened, wanted, cache, budget, on_bytes)
    diff_ids = [layer.diff_id for layer in opened.image.layers]
    firsts = {diff_id: diff_ids.index(diff_id) for diff_id in diff_ids}  # some come twice
    with ThreadPoolExecutor(_WORKERS) as pool:
        facts = dict(zip(firsts, pool.map(one, firsts.values()), strict=True))
    return [facts[diff_id] for diff_id in diff_ids]


class _Reader:
    """Reads one layer of an image after the other, in several threads."""

    def __init__(
        self,
        opened: OpenedImage,
        wanted: Wanted,
        cache: LayerCache,
        budget: Budget,
        on_bytes: OnBytes | None,
    ) -> None:
        self._opened = opened
        self._wanted = wanted
        self._cache = cache
        self._budget = budget
        self._on_bytes = on_bytes

    def __call__(self, number: int) -> LayerFacts:
        layer = self._opened.image.layers[number]
        if (known := self._cache.get(layer.diff_id, self._wanted)) is not None:
            return known
        facts = read_layer(
            self._chunks(number), layer, self._wanted, self._budget, f"layer {number + 1}"
        )
        self._cache.put(layer.diff_id, self._wanted, facts)
        return facts

    def _chunks(self, number: int) -> Chunks:
        if self._opened.blob is None:
            raise Malformed(self._opened.image.name, "has layers but no way to read them")
        return _counted(self._opened.blob(number), number, self._on_bytes)


def _counted(chunks: Chunks, number: int, on_bytes: OnBytes | None) -> Iterator[bytes]:
    for chunk in chunks:
        if on_bytes:
            on_bytes(number, len(chunk))
        yield chunk


def _aliases(wanted: Wanted, squashed: Squashed) -> tuple[dict[str, str], Sequence[Gap]]:
    """Find wanted places that a link leads elsewhere, which the first walk did not know."""
    aliases = {other: path for other, path in squashed.unread.items() if not wanted.by_path(other)}
    gaps: list[Gap] = []
    for place in wanted.places:
        try:
            real = resolve(place, squashed.links)
        except Malformed as circle:
            gaps.append(Gap(circle.where, circle.why, GapKind.INCOMPLETE))
            continue
        if real and real != place and not _wanted_already(real, wanted):
            aliases[real] = place
    return aliases, gaps


def _wanted_already(real: str, wanted: Wanted) -> bool:
    return any(real == place or real.startswith(place + "/") for place in wanted.places)
