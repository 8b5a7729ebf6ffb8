"""From what every file told to one inventory: the distribution, who owns what, full purls."""

from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec import structs

from hullguard.inventory.distro import choose_distro, distro_label
from hullguard.inventory.facts import FileFacts
from hullguard.inventory.purl import complete_purl
from hullguard.model import OS_TYPES, Distro, Gap, Inventory, Layer, Package


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """A visible file's facts, and for each of its packages the layer (from 0) that brought it."""

    facts: FileFacts
    origins: tuple[int, ...]


Located = tuple[Package, int]


def take_inventory(
    placed: Sequence[Placed], layers: Sequence[Layer], real_path: Callable[[str], str]
) -> Inventory:
    """Complete and join what the analyzers found.

    Args:
        placed: every visible file that told something.
        layers: the image's layers from the lowest up; empty for a directory.
        real_path: resolves the links among a path's folders, as `/bin` on a merged `/usr`.
    """
    distro = choose_distro(
        {
            entry.facts.stands_for or entry.facts.path: found
            for entry in placed
            for found in entry.facts.distros
        }
    )
    located = list(_located(placed))
    installed = (found for found in located if found[0].type in OS_TYPES)
    brought = [found for found in located if found[0].type not in OS_TYPES]
    system = [_complete(package, distro, origin, layers) for package, origin in _once(installed)]
    owners = _owners(placed, system, real_path, {_file(package) for package, _ in brought})
    languages = [
        structs.replace(
            _complete(package, None, origin, layers),
            owned_by=owners.get(real_path(_file(package)), ""),
        )
        for package, origin in brought
    ]
    return Inventory(
        packages=tuple(sorted({*system, *languages}, key=_order)),
        distro=distro,
        gaps=tuple(_gaps(placed)),
    )


def _located(placed: Iterable[Placed]) -> Iterable[Located]:
    for entry in placed:
        yield from zip(entry.facts.packages, entry.origins, strict=True)


def identity(package: Package) -> tuple[str, str, str, str]:
    """Return what tells a package from others, whichever file or layer speaks of it."""
    return package.type, package.name, package.version, package.arch


def _once(installed: Iterable[Located]) -> Iterable[Located]:
    """Drop what a second copy of a package database says again."""
    first: dict[tuple[str, str, str, str], Located] = {}
    for found in installed:
        first.setdefault(identity(found[0]), found)
    return first.values()


def _complete(
    package: Package, distro: Distro | None, origin: int, layers: Sequence[Layer]
) -> Package:
    layer = layers[origin] if origin < len(layers) else None
    return structs.replace(
        package,
        purl=complete_purl(package, distro),
        distro=distro_label(distro) if distro else "",
        layer=layer.diff_id if layer else "",
        created_by=layer.created_by if layer else "",
    )


def _file(package: Package) -> str:
    """Return the file in the image that told of a package, itself perhaps inside an archive."""
    return package.path.partition("!")[0]


def _owners(
    placed: Iterable[Placed],
    system: Iterable[Package],
    real_path: Callable[[str], str],
    files: set[str],
) -> dict[str, str]:
    """Map the files that an operating-system package owns to that package's purl."""
    purls: dict[tuple[str, str], str] = {}
    for package in system:
        purls[package.name, package.arch] = package.purl
        purls.setdefault((package.name, ""), package.purl)
    names = {path.rpartition("/")[2] for path in files}
    return {
        real_path(path): purls[owner.name, owner.arch]
        for entry in placed
        for owner in entry.facts.owned
        if (owner.name, owner.arch) in purls
        for path in owner.paths
        if path.rpartition("/")[2] in names  # far fewer than there are owned files
    }


def _order(package: Package) -> tuple[bool, str, str, str, str]:
    return (
        package.type not in OS_TYPES,
        package.type,
        package.name,
        package.version,
        package.path,
    )


def _gaps(placed: Iterable[Placed]) -> Iterable[Gap]:
    for entry in placed:
        yield from entry.facts.gaps
