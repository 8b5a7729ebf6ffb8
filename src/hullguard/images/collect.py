"""Collects the facts of one layer or folder: wanted files go to their analyzers, the rest by."""

import mmap
import tempfile
from array import array
from collections.abc import Callable, Iterator
from hashlib import blake2b

from msgspec import structs

from hullguard.images.facts import LayerFacts
from hullguard.inventory.analyzer import Analyzer, Buffer, File
from hullguard.inventory.facts import FileFacts, learn
from hullguard.inventory.wanted import Wanted, reader
from hullguard.model import MIB, Budget, Gap, GapKind

IN_MEMORY = 1 * MIB
"""Wanted files up to this size are held in memory, larger ones mapped from a temporary file."""

_ELF = b"\x7fELF"
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_AUFS = ".wh..wh."

Content = Callable[[], Iterator[bytes]]


class Collector:
    """Takes the entries of one walk, in any order, and ends in `LayerFacts`."""

    def __init__(self, wanted: Wanted, budget: Budget) -> None:
        self._wanted = wanted
        self._budget = budget
        self._files: list[FileFacts] = []
        self._waiting: list[tuple[Analyzer, str, Buffer]] = []  # until what lies beside is there
        self._beside: dict[str, bytes] = {}
        self._symlinks: dict[str, str] = {}
        self._hardlinks: dict[str, str] = {}
        self._whiteouts: list[str] = []
        self._opaque: list[str] = []
        self._occupied = array("Q")
        self._entries = 0
        self.gaps: list[Gap] = []

    def file(self, path: str, *, size: int, program: bool, content: Content) -> None:
        """Take a regular file; `content` is only called where somebody wants the bytes."""
        self._enter(path)
        if rows := self._wanted.by_path(path):
            self._analyze(path, rows, held(content(), size))
        elif self._wanted.beside(path):
            self._beside[path] = b"".join(content())
        elif program and size > len(_ELF) and self._wanted.programs:
            pieces = content()
            head = next(pieces, b"")
            if head[:4] == _ELF:
                self._analyze(path, self._wanted.programs, held(pieces, size, head))

    def symlink(self, path: str, target: str) -> None:
        """Take a symbolic link."""
        self._enter(path)
        self._symlinks[path] = target

    def hardlink(self, path: str, other: str) -> None:
        """Take a further name of a file of this layer or a lower one."""
        self._enter(path)
        if self._wanted.by_path(path):
            self._hardlinks[path] = other

    def other(self, path: str) -> None:
        """Take a device or pipe: nothing to read, but it hides what was there."""
        self._enter(path)

    def whiteout(self, path: str) -> bool:
        """Take the path if it is a marker that hides something; tell whether it was one."""
        folder, _, name = path.rpartition("/")
        if not name.startswith(_WHITEOUT):
            return False
        if name == _OPAQUE:
            self._opaque.append(folder)
        elif not name.startswith(_AUFS):
            hidden = name.removeprefix(_WHITEOUT)
            self._whiteouts.append(f"{folder}/{hidden}" if folder else hidden)
        return True

    def finish(self) -> LayerFacts:
        """Run the analyzers that waited for files beside theirs, and hand over the facts."""
        for row, path, data in self._waiting:
            self._learn(row, path, data, self._companions(row, path))
        self._say_orphans()
        facts = {
            (entry.path, entry.analyzer): entry for entry in self._files
        }  # the last one counts
        return LayerFacts(
            files=tuple(facts.values()),
            symlinks=self._symlinks,
            hardlinks=self._hardlinks,
            whiteouts=tuple(self._whiteouts),
            opaque=tuple(self._opaque),
            occupied=array("Q", sorted(self._occupied)).tobytes(),
            entries=self._entries,
            gaps=tuple(self.gaps),
        )

    def _enter(self, path: str) -> None:
        self._entries += 1
        self._occupied.append(path_hash(path))

    def _analyze(self, path: str, rows: tuple[Analyzer, ...], data: Buffer) -> None:
        for row in rows:
            if row.companions or row.siblings:
                self._waiting.append((row, path, data))
            else:
                self._learn(row, path, data, {})

    def _learn(self, row: Analyzer, path: str, data: Buffer, beside: dict[str, bytes]) -> None:
        seen_as = self._wanted.seen_as(path)
        facts = learn(row, reader(row), File(path=seen_as, data=data, beside=beside), self._budget)
        if facts.packages or facts.owned or facts.distros or facts.gaps or row.paths or row.folders:
            self._files.append(structs.replace(facts, path=path) if seen_as != path else facts)

    def _companions(self, row: Analyzer, path: str) -> dict[str, bytes]:
        folder, slash, name = path.rpartition("/")
        names = (*(name + ending for ending in row.companions), *row.siblings)
        found = {name: self._beside.pop(folder + slash + name, None) for name in names}
        return {name: data for name, data in found.items() if data is not None}

    def _say_orphans(self) -> None:
        """Mention a database's write-ahead log whose database is in another layer."""
        for path, data in self._beside.items():
            if data and path.endswith("-wal"):
                why = "holds changes to a database of a lower layer, which were not read"
                self.gaps.append(Gap(path, why, GapKind.INCOMPLETE))


def path_hash(path: str) -> int:
    """Return 8 bytes that stand for a path among the occupied ones."""
    digest = blake2b(path.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def held(pieces: Iterator[bytes], size: int, head: bytes = b"") -> Buffer:
    """Hold a member's bytes: small ones in memory, large ones mapped from a nameless file."""
    if size <= IN_MEMORY:
        return head + b"".join(pieces)
    with tempfile.TemporaryFile() as spool:
        spool.write(head)
        for piece in pieces:
            spool.write(piece)
        spool.flush()
        return mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ)
