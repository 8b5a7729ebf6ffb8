"""Which artifacts an archive holds: what Maven wrote into it, else what its other parts suggest.

In this order: every `pom.properties` (several mean that other artifacts were merged in, and all of
them count); else, or beside those of merged artifacts only, the file name and the manifest. Code
is never looked at.
"""

import re
from collections.abc import Iterable, Iterator

from hullguard.inventory.jar.file_name import split_file_name
from hullguard.inventory.jar.groups import known_group
from hullguard.inventory.jar.manifest import Manifest
from hullguard.inventory.jar.properties import Coordinates

_ARTIFACT = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_GROUP = re.compile(r"[a-z][a-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+")
_VERSION = re.compile(r"\d[^\s,;]*")
_IVY = re.compile(r"([^#\s]+)#([^;\s]+);(\S+)")  # how some Gradle plug-ins fill in the title
_VERSIONS = (
    "implementation-version",
    "bundle-version",
    "specification-version",
    "plugin-version",
)
_SYMBOLS = ("bundle-symbolicname", "automatic-module-name", "extension-name")
_VENDORS = ("implementation-vendor-id", "group-id")


def identify(name: str, poms: Iterable[Coordinates], manifest: Manifest) -> Iterator[Coordinates]:
    """Yield the artifacts that an archive holds, each once.

    Args:
        name: the archive's base name.
        poms: what its `pom.properties` say.
        manifest: its manifest, empty where it has none.
    """
    merged = list(dict.fromkeys(poms))
    yield from merged
    artifact, version = split_file_name(name)
    if any(_is_called(pom, artifact) for pom in merged):
        return
    if not merged or version:
        own = _guessed(artifact, version, manifest)
        if own and own.artifact not in {pom.artifact for pom in merged}:
            yield own


def _is_called(pom: Coordinates, artifact: str) -> bool:
    """Tell whether the archive's name is this artifact's; some tools put the group before it."""
    return artifact in {pom.artifact, f"{pom.group}.{pom.artifact}", f"{pom.group}-{pom.artifact}"}


def _guessed(artifact: str, version: str, manifest: Manifest) -> Coordinates | None:
    title = manifest.get("implementation-title", "")
    ivy = _IVY.fullmatch(title)
    if not version and ivy:
        return Coordinates(ivy[1], ivy[2], ivy[3])
    if not version:
        version = _first(manifest, _VERSIONS, _VERSION)
        artifact = title if _ARTIFACT.fullmatch(title) and not known_group(artifact) else artifact
    group = known_group(artifact, version) or (ivy[1] if ivy else _told_group(artifact, manifest))
    if not version and not known_group(artifact):
        return None  # somebody's own archive, of which nothing is told
    return Coordinates(group, artifact, version)


def _told_group(artifact: str, manifest: Manifest) -> str:
    """Return the vendor's id, else the symbolic name's part that is not the artifact's."""
    vendor = _first(manifest, _VENDORS, _GROUP)
    if vendor:
        return vendor
    symbol = _first(manifest, _SYMBOLS, _GROUP)
    group = symbol.removesuffix("." + artifact) if symbol else ""
    if group == symbol:
        group = symbol.rpartition(".")[0]
    return group if _GROUP.fullmatch(group) else ""


def _first(manifest: Manifest, names: tuple[str, ...], form: re.Pattern[str]) -> str:
    """Return the start of the first of these attributes that has the form."""
    for name in names:
        match = form.match(manifest.get(name, ""))
        if match:
            return match[0]
    return ""
