"""Lays layers over one another: what of the lower ones is still visible, and who brought it.

Rules: OCI image spec, layer.md, "Whiteouts" and "Opaque Whiteout"; for what replaces what, how
containerd unpacks layers (pkg/archive/tar.go): a folder over a folder merges, all else replaces.
"""

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from hullguard.images.facts import LayerFacts
from hullguard.images.links import canonical
from hullguard.images.standing import History, Standing, Told
from hullguard.inventory.facts import FileFacts
from hullguard.inventory.take import Placed, identity
from hullguard.inventory.wanted import Wanted


class Squashed(Struct, frozen=True, kw_only=True):
    """What remains when all layers lie on one another."""

    placed: tuple[Placed, ...]
    links: dict[str, str]  # visible symlinks: path, target as written
    hardlinks: dict[str, tuple[str, ...]]  # those whose files told nothing: path, other names


def squash(layers: Sequence[LayerFacts], wanted: Wanted) -> Squashed:
    """Return the visible files of an image, given its layers from the lowest up."""
    standing = Standing()
    for number, layer in enumerate(layers):
        before = _before(layer, standing)
        if number:
            _hide(layer, standing)
        _lay(number, layer, before, standing)
        _link(number, layer.hardlinks, before, standing, wanted)
    return Squashed(
        placed=tuple(_placed(each) for told in standing.files.values() for each in told.values()),
        links=standing.links,
        hardlinks=standing.hardlinks,
    )


def _before(layer: LayerFacts, standing: Standing) -> dict[str, Told]:
    """Remember what was told by files that the layer brings again: they were there all along."""
    names = (*(facts.path for facts in layer.files), *layer.hardlinks)
    paths = {canonical(name, standing.links) for name in names}
    return {path: standing.files[path] for path in paths & standing.files.keys()}


def _hide(layer: LayerFacts, standing: Standing) -> None:
    """Take away what the layer removes or replaces."""
    gone = [canonical(path, standing.links) for path in layer.whiteouts]
    emptied = [canonical(f"{folder}/.", standing.links)[:-2] for folder in layer.opaque]
    for path in gone:
        standing.remove(path)
    for folder in emptied:
        standing.empty(folder)
    for path in standing.among(layer.folders):
        standing.remove_file(path)
    for path in standing.among(layer.occupied):
        standing.remove(path)


def _lay(number: int, layer: LayerFacts, before: dict[str, Told], standing: Standing) -> None:
    """Add what the layer brings."""
    for path, target in layer.symlinks.items():
        standing.put_link(canonical(path, standing.links), target)
    files: dict[str, Told] = {}
    for facts in layer.files:
        path = canonical(facts.path, standing.links)
        earlier = before.get(path, {}).get(facts.analyzer, ())
        files.setdefault(path, {})[facts.analyzer] = (*earlier, (number, facts))
    for path, told in files.items():
        standing.put_file(path, told)


def _link(
    number: int,
    hardlinks: Mapping[str, str],
    before: Mapping[str, Told],
    standing: Standing,
    wanted: Wanted,
) -> None:
    """Let hard links tell what their other names tell; a further name of a link is a link."""
    for name in hardlinks:
        path = canonical(name, standing.links)
        if (other := _last(name, hardlinks)) in hardlinks:  # a circle: there is no file at all
            standing.put_hardlink(path, ())
            continue
        names = tuple(dict.fromkeys((canonical(other, standing.links), other)))
        if names[0] in standing.links:
            standing.put_link(path, standing.links[names[0]])
        elif told := _told_again(number, path, standing.files.get(names[0], {}), wanted):
            earlier = before.get(path, {})
            standing.put_file(path, {row: (*earlier.get(row, ()), last) for row, last in told})
        else:
            standing.put_hardlink(path, standing.hardlinks.get(names[0], names))


def _told_again(
    number: int, path: str, told: Told, wanted: Wanted
) -> list[tuple[str, tuple[int, FileFacts]]]:
    """Return what is told of a file by those analyzers that want it by its further name too."""
    return [
        (analyzer, (number, structs.replace(history[-1][1], path=path)))
        for analyzer, history in told.items()
        if wanted.wants(analyzer, path)
    ]


def _last(name: str, hardlinks: Mapping[str, str]) -> str:
    """Follow hard links to hard links, once round where they lead in a circle."""
    seen = set()
    while name in hardlinks and name not in seen:
        seen.add(name)
        name = hardlinks[name]
    return name


def _placed(history: History) -> Placed:
    """Find for each package of a file the layer from which on it was always there."""
    number, last = history[-1]
    origins = dict.fromkeys((identity(package) for package in last.packages), number)
    remaining = set(origins)
    for number, facts in reversed(history[:-1]):
        remaining &= {identity(package) for package in facts.packages}
        origins |= dict.fromkeys(remaining, number)
    return Placed(
        facts=last, origins=tuple(origins[identity(package)] for package in last.packages)
    )
