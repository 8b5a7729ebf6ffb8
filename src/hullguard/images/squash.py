"""Lays layers over one another: what of the lower ones is still visible, and who brought it.

Rules: OCI image spec, layer.md, "Whiteouts" and "Opaque Whiteout".
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from hullguard.images.collect import path_hash
from hullguard.images.facts import LayerFacts
from hullguard.images.links import ancestors, canonical
from hullguard.inventory.facts import FileFacts
from hullguard.inventory.take import Placed
from hullguard.model import Package

Key = tuple[str, str]
"""Path and analyzer."""


class Squashed(msgspec.Struct, frozen=True, kw_only=True):
    """What remains when all layers lie on one another."""

    placed: tuple[Placed, ...]
    links: dict[str, str]  # visible symlinks: path, target as written
    unread: dict[str, str]  # path of a file not wanted then: the wanted name that links to it


def squash(layers: Sequence[LayerFacts]) -> Squashed:
    """Return the visible files of an image, given its layers from the lowest up."""
    tower = _Tower()
    for number, layer in enumerate(layers):
        tower.add(number, layer)
    return Squashed(
        placed=tuple(_placed(history) for history in tower.visible.values()),
        links=tower.links,
        unread=tower.unread,
    )


class _Tower:
    """The layers so far. A file's history runs from the layer that first brought it."""

    def __init__(self) -> None:
        self.visible: dict[Key, list[tuple[int, FileFacts]]] = {}
        self.links: dict[str, str] = {}
        self.unread: dict[str, str] = {}
        self._hashes: dict[str, int] = {}

    def add(self, number: int, layer: LayerFacts) -> None:
        files = {self._key(facts): facts for facts in layer.files}
        if self.visible or self.links:
            self._hide(layer, files)
        self.links |= {canonical(path, self.links): to for path, to in layer.symlinks.items()}
        for key, facts in files.items():
            self.visible.setdefault(key, []).append((number, facts))
        for path, other in layer.hardlinks.items():
            self._link(number, canonical(path, self.links), canonical(other, self.links))

    def _key(self, facts: FileFacts) -> Key:
        return canonical(facts.path, self.links), facts.analyzer

    def _hide(self, layer: LayerFacts, files: Mapping[Key, FileFacts]) -> None:
        gone = {canonical(path, self.links) for path in layer.whiteouts}
        emptied = {canonical(path, self.links) for path in layer.opaque}
        paths = {path for path, _ in self.visible} | self.links.keys()
        taken = self._taken(layer, paths)
        hidden = {path for path in paths if _covered(path, gone | taken, emptied)}
        self.links = {path: to for path, to in self.links.items() if path not in hidden}
        self.visible = {
            key: history
            for key, history in self.visible.items()
            if key[0] not in hidden or (key in files and key[0] not in gone)
        }

    def _taken(self, layer: LayerFacts, paths: Iterable[str]) -> set[str]:
        """Return those paths and their folders that are something else than a folder here."""
        occupied = array("Q", layer.occupied)
        places = set(paths)
        places |= {folder for path in places for folder in ancestors(path)}
        return {path for path in places if self._among(path, occupied)}

    def _among(self, path: str, occupied: "array[int]") -> bool:
        if (wanted := self._hashes.get(path)) is None:
            wanted = self._hashes[path] = path_hash(path)
        at = bisect_left(occupied, wanted)
        return at < len(occupied) and occupied[at] == wanted

    def _link(self, number: int, path: str, other: str) -> None:
        """Let a hard link tell what its other name tells."""
        known = [key for key in self.visible if key[0] == other]
        for key in known:
            facts = msgspec.structs.replace(self.visible[key][-1][1], path=path)
            self.visible.setdefault((path, key[1]), []).append((number, facts))
        if not known:
            self.unread[other] = path


def _covered(path: str, gone: set[str], emptied: set[str]) -> bool:
    if path in gone or "" in emptied:
        return True
    return any(folder in gone or folder in emptied for folder in ancestors(path))


def _placed(history: Sequence[tuple[int, FileFacts]]) -> Placed:
    """Find for each package of a file the layer from which on it was always there."""
    number, last = history[-1]
    origins = dict.fromkeys((_identity(package) for package in last.packages), number)
    remaining = set(origins)
    for number, facts in reversed(history[:-1]):
        remaining &= {_identity(package) for package in facts.packages}
        origins |= dict.fromkeys(remaining, number)
    return Placed(
        facts=last, origins=tuple(origins[_identity(package)] for package in last.packages)
    )


def _identity(package: Package) -> tuple[str, str, str, str]:
    return package.type, package.name, package.version, package.arch
