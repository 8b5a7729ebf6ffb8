"""The seam between the walk and the analyzers: what an analyzer wants, gets and gives.

An analyzer names the files it wants and turns one file's bytes into packages. It never walks,
opens or unpacks anything but what it was handed.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Protocol, overload

import msgspec

from hullguard.model import Budget, Distro, Gap, Package


class Buffer(Protocol):
    """A file's content: bytes, a mapped file, or a file on disk that is read piece by piece.

    Analyzers of large formats slice what they need instead of copying all.
    """

    def __len__(self) -> int:
        """Return the number of bytes."""

    @overload
    def __getitem__(self, at: int, /) -> int: ...
    @overload
    def __getitem__(self, at: slice, /) -> bytes: ...
    def __getitem__(self, at: int | slice, /) -> int | bytes:
        """Return a byte, or the bytes of a slice."""

    def find(self, sought: bytes, start: int = ..., end: int = ..., /) -> int:
        """Return the offset of the first occurrence, or -1."""


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
