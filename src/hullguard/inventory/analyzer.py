"""The seam between the walk and the analyzers: what an analyzer wants, gets and gives.

An analyzer names the files it wants and turns one file's bytes into packages. It never walks,
opens or unpacks anything but what it was handed.
"""

import mmap
from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from hullguard.model import Budget, Distro, Gap, Package

Buffer = bytes | mmap.mmap
"""A file's content. Both kinds offer `len`, slices (which give bytes) and `find`; large files
are mapped, so analyzers of large formats slice what they need instead of copying all."""


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One wanted file. `path` is relative to the image's root, without a leading slash."""

    path: str
    data: Buffer
    beside: dict[str, bytes] = {}  # the analyzer's companions and siblings, by base name

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


class Found(msgspec.Struct, frozen=True):
    """A package, and the files that belong to it (same form of path as `File.path`)."""

    package: Package
    owns: tuple[str, ...] = ()


class Owns(msgspec.Struct, frozen=True):
    """A list of files that stands apart from its package (dpkg's `info/NAME.list`)."""

    name: str  # the package's name
    arch: str  # empty where the list does not tell
    paths: tuple[str, ...]


Outcome = Found | Owns | Distro | Gap
Read = Callable[[File, Budget], Iterator[Outcome]]
"""Every analyzer module has a function `read` of this kind. It raises only `Malformed`
(the whole file makes no sense) and `BudgetSpent`; one broken record is a `Gap`."""


class Where(StrEnum):
    """Which kind of target a format speaks for."""

    ANYWHERE = "anywhere"
    INSTALLED = "installed"  # images and root file systems: what is really there
    SOURCE = "source"  # source trees: what the lock files promise


class Analyzer(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the table. The module is imported when its first file turns up."""

    name: str
    version: int  # raised whenever the output for the same bytes changes: part of the cache key
    module: str  # dotted; holds `read`
    where: Where = Where.INSTALLED
    paths: tuple[str, ...] = ()  # whole paths
    names: tuple[str, ...] = ()  # base names
    patterns: tuple[str, ...] = ()  # as PurePath.match has them: "requirements/*.txt"
    suffixes: tuple[str, ...] = ()  # endings of the whole path; "/METADATA" matches a base name
    folders: tuple[str, ...] = ()  # direct members of these folders ...
    endings: tuple[str, ...] = ("",)  # ... whose base names end so
    within: tuple[str, ...] = ()  # path must also contain one of these ("node_modules/")
    programs: bool = False  # ELF files with an executable bit
    companions: tuple[str, ...] = ()  # endings added to the file's own path: "-wal"
    siblings: tuple[str, ...] = ()  # base names in the same folder: "go.sum"
