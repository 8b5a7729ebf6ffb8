"""A piece of software found in an image, on a host or in a source tree."""

import msgspec

OS_TYPES = frozenset({"apk", "deb", "rpm"})
"""The purl types of operating-system packages; all of a system's share one database."""


class Distro(msgspec.Struct, frozen=True, kw_only=True):
    """What os-release says of a distribution."""

    id: str  # ID: debian, alpine, rhel, opensuse-leap
    version: str = ""  # VERSION_ID: 12, 3.19.1, 8.9
    codename: str = ""  # VERSION_CODENAME: bookworm
    name: str = ""  # PRETTY_NAME
    like: tuple[str, ...] = ()  # ID_LIKE, nearest first
    cpe: str = ""  # CPE_NAME


class Package(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One installed package.

    An analyzer gives what its file says; the core completes `purl`, `distro`, `layer` and
    `owned_by`. `version` is the text of the ecosystem, with the epoch where there is one
    (`1:2.3-4`); an empty version means that nobody can tell it.
    """

    type: str  # the purl type: deb, apk, rpm, pypi, npm, maven, golang, cargo, gem, ...
    name: str  # as the ecosystem names it: group:artifact for Maven, @scope/name for npm
    version: str
    arch: str = ""
    source: str = ""  # the source package; empty: its own source
    source_version: str = ""  # empty: the same as `version`
    licence: str = ""  # one SPDX expression, or the file's own words
    scope: str = ""  # "dev", "optional", "build"; empty: run time
    path: str = ""  # the file that told of it, inside the image, no leading slash
    hashes: tuple[str, ...] = ()  # algorithm:hex
    module: str = ""  # rpm modularity label
    vendor: str = ""
    purl: str = ""
    distro: str = ""  # "debian-12"; only for operating-system packages
    owned_by: str = ""  # purl of the operating-system package that brought the file
    layer: str = ""  # diffID of the layer that brought it
    created_by: str = ""  # the history line that made the layer
