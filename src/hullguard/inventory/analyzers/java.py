"""Java archives (jar, war, ear, par), with the archives inside them.

What an archive holds is told by its `pom.properties`, manifest and name (`inventory/jar/`); an
archive inside is named after its way there: `app.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar`.
"""

from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import Buffer, File, Found
from hullguard.inventory.jar.identity import identify
from hullguard.inventory.jar.manifest import Manifest, manifest_licence, read_manifest
from hullguard.inventory.jar.properties import Coordinates, read_pom_properties
from hullguard.inventory.named import named
from hullguard.inventory.zip_archive import Member, content, members
from hullguard.model import MIB, Budget, BudgetSpent, Gap, GapKind, Malformed, Package

_ARCHIVES = (".jar", ".war", ".ear", ".par")
_MANIFEST = "meta-inf/manifest.mf"
_PROPERTIES = "pom.properties"
_TELLING = tuple(end.encode() for end in (*_ARCHIVES, _MANIFEST, _PROPERTIES))
_LARGEST_TEXT = 16 * MIB  # signed archives list a checksum of every file in the manifest
_MOST_MEMBERS = 10_000  # archives and descriptions in one archive; the largest have a thousand
_ROOM = 256 * MIB  # for the unpacked archives around and including the innermost one


class _Archive(msgspec.Struct, frozen=True):
    """An archive in memory, and how much of bytes and depth is left for those inside it.

    The depth is counted here and not in the budget, which the threads of an image's layers share.
    """

    path: str
    data: Buffer
    room: int
    depth: int

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def read(file: File, budget: Budget) -> Iterator[Found | Gap]:
    """Yield the artifacts of an archive and of those inside it.

    A member that cannot be read is a gap, and the others are read.

    Raises:
        Malformed: the file is no archive, or its table of contents is broken.
        BudgetSpent: nothing is left.
    """
    yield from _read(_Archive(file.path, file.data, _ROOM, budget.depth), budget)


def _read(archive: _Archive, budget: Budget) -> Iterator[Found | Gap]:
    telling: list[Member] = []
    inner: list[Member] = []
    for member in members(archive.data, _TELLING, archive.path, budget):
        name = member.name.lower()
        if name.endswith(_ARCHIVES):
            inner.append(member)
        elif name == _MANIFEST or name.endswith(_PROPERTIES):
            telling.append(member)
        if len(inner) + len(telling) > _MOST_MEMBERS:
            raise Malformed(archive.path, f"holds more than {_MOST_MEMBERS} archives or parts")
    yield from _itself(archive, telling, budget)
    for member in inner:
        yield from _inside(archive, member, budget)


def _itself(archive: _Archive, telling: list[Member], budget: Budget) -> Iterator[Found | Gap]:
    """Yield the artifacts that the archive holds outside of archives inside it."""
    poms: list[Coordinates] = []
    manifest: Manifest = {}
    for member in telling:
        where = f"{archive.path}!/{member.name}"
        try:
            text = content(archive.data, member, where, budget, _LARGEST_TEXT)
        except BudgetSpent:
            raise
        except Malformed as error:
            yield Gap(error.where, error.why)
            continue
        if member.name.lower() == _MANIFEST:
            manifest = read_manifest(text)
        elif pom := read_pom_properties(text.decode(errors="replace"), member.name):
            poms.append(pom)
    found = list(identify(archive.name, poms, manifest))
    licence = manifest_licence(manifest) if len(found) == 1 else ""  # one speaks not for others
    for coordinates in found:
        yield named(_package(coordinates, licence, archive.path))


def _package(coordinates: Coordinates, licence: str, path: str) -> Package:
    group, artifact, version = coordinates.group, coordinates.artifact, coordinates.version
    name = f"{group}:{artifact}" if group else artifact
    return Package(type="maven", name=name, version=version, licence=licence, path=path)


def _inside(archive: _Archive, member: Member, budget: Budget) -> Iterator[Found | Gap]:
    """Read an archive inside another one, as deep as the budget allows."""
    where = f"{archive.path}!/{member.name}"
    if archive.depth <= 0:
        yield Gap(where, "archives are nested too deep, so it was not read", GapKind.INCOMPLETE)
        return
    try:
        data = content(archive.data, member, where, budget, archive.room)
        inside = _Archive(where, data, archive.room - len(data), archive.depth - 1)
        yield from _read(inside, budget)
    except BudgetSpent:
        raise
    except Malformed as error:
        yield Gap(error.where, error.why)
