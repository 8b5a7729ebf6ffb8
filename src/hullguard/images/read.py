"""Collects what an image holds: every layer walked once, or taken from the cache, then joined."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Event

from hullguard.images.aliases import Aliases, find_aliases
from hullguard.images.cache import LayerCache
from hullguard.images.facts import LayerFacts
from hullguard.images.in_threads import in_threads
from hullguard.images.layers import read_layer
from hullguard.images.links import canonical
from hullguard.images.opened import OpenedImage
from hullguard.images.squash import squash
from hullguard.inventory.take import take_inventory
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, GapKind, Inventory, Malformed

_MOST_GAPS = 1000
_WORKERS = min(4, os.cpu_count() or 1)

OnBytes = Callable[[int, int], None]
"""Called with a layer's number, from 0, and how many of its stored bytes were just read."""


def read_image(
    opened: OpenedImage, cache: LayerCache, budget: Budget, on_bytes: OnBytes | None = None
) -> Inventory:
    """Return everything that is installed in an image; what could not be read is in its gaps."""
    wanted = Wanted(opened.where)
    reader = _Reader(opened, cache, budget, on_bytes)
    layers = reader.read(wanted, range(len(opened.image.layers)))
    squashed = squash(layers, wanted)
    aliases = find_aliases(wanted, squashed, layers)
    if aliases.files or aliases.folders:
        wanted = Wanted(opened.where, aliases.all)
        layers = _read_again(reader, wanted, layers, aliases)
        squashed = squash(layers, wanted)
    placed = [entry for entry in squashed.placed if entry.facts.path not in aliases.sources]
    inventory = take_inventory(
        placed, opened.image.layers, lambda path: canonical(path, squashed.links)
    )
    of_layers = (gap for layer in layers for gap in layer.gaps)
    gaps = (*opened.gaps, *of_layers, *aliases.gaps, *inventory.gaps)
    return Inventory(packages=inventory.packages, distro=inventory.distro, gaps=_bounded(gaps))


def _bounded(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    """Return the first gaps and the number of the others: nobody reads a million of them."""
    if len(gaps) <= _MOST_GAPS:
        return gaps
    why = f"{len(gaps) - _MOST_GAPS} more files or entries could not be read"
    return (*gaps[:_MOST_GAPS], Gap("", why, GapKind.INCOMPLETE))


def _read_again(
    reader: "_Reader", wanted: Wanted, layers: Sequence[LayerFacts], aliases: Aliases
) -> list[LayerFacts]:
    """Read those layers anew that may hold what a link makes wanted."""
    numbers = [number for number, layer in enumerate(layers) if aliases.concern(layer)]
    again = dict(zip(numbers, reader.read(wanted, numbers), strict=True))
    return [again.get(number, layer) for number, layer in enumerate(layers)]


class _Reader:
    """Reads the layers of an image, or a folder as the only one."""

    def __init__(
        self, opened: OpenedImage, cache: LayerCache, budget: Budget, on_bytes: OnBytes | None
    ) -> None:
        self._opened = opened
        self._cache = cache
        self._budget = budget
        self._on_bytes = on_bytes
        self._stopped = False

    def read(self, wanted: Wanted, numbers: Sequence[int]) -> list[LayerFacts]:
        """Return the facts of some layers: each of another content is read once at most."""
        if self._opened.walk:
            return [self._opened.walk(wanted, self._budget)]
        layers = self._opened.image.layers
        firsts: dict[str, int] = {}
        for number in numbers:
            firsts.setdefault(layers[number].diff_id, number)
        facts = {diff_id: self._cache.get(diff_id, wanted) for diff_id in firsts}
        missing = [number for diff_id, number in firsts.items() if facts[diff_id] is None]
        facts |= {layers[number].diff_id: new for number, new in self._new(wanted, missing)}
        return [told for number in numbers if (told := facts[layers[number].diff_id])]

    def _new(self, wanted: Wanted, numbers: Sequence[int]) -> Iterable[tuple[int, LayerFacts]]:
        """Read layers in threads; where that is interrupted, the threads end at the next chunk."""
        stop = Event()

        def read(number: int) -> LayerFacts:
            layer = self._opened.image.layers[number]
            chunks = self._chunks(number, stop)
            budget = self._budget.part()
            facts = read_layer(chunks, layer, wanted, budget, f"layer {number + 1}")
            self._cache.put(layer.diff_id, wanted, facts)
            return facts

        try:
            return in_threads(read, numbers, _WORKERS).items()
        finally:
            stop.set()

    def _chunks(self, number: int, stop: Event) -> Iterator[bytes]:
        """Yield a layer's stored bytes. Whatever is wrong with it shows here at the earliest."""
        if self._opened.blob is None:
            raise Malformed(self._opened.image.name, "has layers but no way to read them")
        for chunk in self._opened.blob(number):
            if stop.is_set():
                return
            if self._on_bytes:
                self._on_bytes(number, len(chunk))
            yield chunk
