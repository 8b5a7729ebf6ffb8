"""Finds wanted files behind links, which a first walk over the layers could not know of."""

from collections.abc import Iterator, Sequence

import msgspec

from hullguard.images.facts import LayerFacts
from hullguard.images.links import resolve
from hullguard.images.path_hashes import among, numbered
from hullguard.images.squash import Squashed
from hullguard.inventory.wanted import Wanted
from hullguard.model import Gap, GapKind, Malformed


class Aliases(msgspec.Struct, frozen=True, kw_only=True):
    """What a second walk has to look for."""

    files: dict[str, str] = {}  # a path that nobody wants by its name: the wanted one it is for
    folders: dict[str, str] = {}  # the same of folders, and of what may be one
    sources: frozenset[str] = frozenset()  # those files that a hard link gives a wanted name
    gaps: tuple[Gap, ...] = ()

    @property
    def all(self) -> dict[str, str]:
        """Files and folders together, as `Wanted` takes them."""
        return self.folders | self.files

    def concern(self, layer: LayerFacts) -> bool:
        """Tell whether a layer may hold one of them."""
        return bool(self.folders or among(numbered(self.files), layer.occupied))


def find_aliases(wanted: Wanted, squashed: Squashed, layers: Sequence[LayerFacts]) -> Aliases:
    """Return the paths that links in an image make stand for wanted ones.

    A wanted link that leads round in a circle, or a hard link to what is not there, is a gap.
    """
    gaps: list[Gap] = []
    behind = dict(_behind_symlinks(wanted, squashed, gaps))
    hardlinks = {path: names for path, names in squashed.hardlinks.items() if wanted.by_path(path)}
    there = _there((*behind, *(name for names in hardlinks.values() for name in names)), layers)
    files = {real: path for real, path in behind.items() if real in there}
    sources: set[str] = set()
    for path, names in hardlinks.items():
        if there.isdisjoint(names):
            gaps.append(_leads_nowhere(path, names))
        elif not any(map(wanted.by_path, names)):
            files |= dict.fromkeys(names, path)
            sources |= set(names)
    folders = {
        real: path
        for real, path in behind.items()
        if real not in there and not wanted.by_path(path)
    }
    return Aliases(files=files, folders=folders, sources=frozenset(sources), gaps=tuple(gaps))


def _behind_symlinks(
    wanted: Wanted, squashed: Squashed, gaps: list[Gap]
) -> Iterator[tuple[str, str]]:
    """Yield what lies behind wanted symbolic links, and the wanted path."""
    settled = frozenset(entry.facts.analyzer for entry in squashed.placed if entry.facts.distros)
    fixed = set(wanted.places())
    links = (path for path in squashed.links if path not in fixed and wanted.by_path(path))
    for path in (*wanted.places(settled), *links):
        try:
            real = resolve(path, squashed.links)
        except Malformed as circle:
            gaps.append(Gap(circle.where, circle.why, GapKind.INCOMPLETE))
            continue
        if real != path and not wanted.covers(real):
            yield real, path


def _leads_nowhere(path: str, names: Sequence[str]) -> Gap:
    why = "its hard links lead in a circle"
    if names:
        why = f"is a hard link to {names[0][-80:]!r}, which is not there"
    return Gap(path, why, GapKind.INCOMPLETE)


def _there(paths: Sequence[str], layers: Sequence[LayerFacts]) -> set[str]:
    known = numbered(paths)
    return {path for layer in layers if known for path in among(known, layer.occupied)}
