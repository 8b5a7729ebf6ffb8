"""Collects the facts of one layer or folder: wanted files go to their analyzers, the rest by."""

from hullguard.images.content import Opener
from hullguard.images.facts import LayerFacts
from hullguard.images.path_hashes import path_hash
from hullguard.images.wanted_files import WantedFiles
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, GapKind

_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"
_AUFS = ".wh..wh."
_MOST_LEFT_OUT = 100  # entries of which each is told
_NOTE = 256  # bytes of memory that a noted link or marker takes beside its texts, roughly


class Collector:
    """Takes the entries of one walk, in their order, and ends in `LayerFacts`.

    Where a path comes twice, the later entry counts, as when layers are unpacked.

    Args:
        wanted: which files analyzers want.
        budget: bounds what reading and keeping may cost.
        where: names the layer or folder in gaps.
    """

    def __init__(self, wanted: Wanted, budget: Budget, where: str) -> None:
        self._budget = budget
        self._where = where
        self._files = WantedFiles(wanted, budget)
        self._symlinks: dict[str, str] = {}
        self._hardlinks: dict[str, str] = {}
        self._noted: set[str] = set()  # paths of wanted files and links
        self._whiteouts: list[str] = []
        self._opaque: list[str] = []
        self._occupied = bytearray()
        self._folders = bytearray()
        self._entries = 0
        self._left_out = 0
        self.gaps: list[Gap] = []

    def file(self, path: str, *, size: int, program: bool, open_: Opener) -> None:
        """Take a regular file; `open_` is only called where somebody wants the bytes."""
        self._enter(path)
        if self._files.take(path, size=size, program=program, open_=open_):
            self._noted.add(path)

    def folder(self, path: str) -> None:
        """Take a folder: what is in it stays, but a file or link in its place goes."""
        self._folders += path_hash(path)
        self._forget(path)

    def symlink(self, path: str, target: str) -> None:
        """Take a symbolic link."""
        self._enter(path)
        self._note(path, target)
        self._symlinks[path] = target

    def hardlink(self, path: str, other: str) -> None:
        """Take a further name of a file of this layer or a lower one; empty: of one outside."""
        if other in {"", path}:
            fault = "leads to itself" if other else "would leave the image"
            self.leave_out(f"the hard link {path[-80:]!r} {fault}, and was left out")
            return
        self._enter(path)
        self._note(path, other)
        self._hardlinks[path] = other

    def other(self, path: str) -> None:
        """Take a device, pipe or socket: nothing to read, but it hides what was there."""
        self._enter(path)
        if self._files.refuse(path):
            self._noted.add(path)

    def whiteout(self, path: str) -> bool:
        """Take the path if it is a marker that hides something; tell whether it was one."""
        folder, _, name = path.rpartition("/")
        if not name.startswith(_WHITEOUT):
            return False
        hidden = name.removeprefix(_WHITEOUT)
        if name == _OPAQUE:
            self._opaque.append(folder)
        elif hidden in {"", ".", ".."}:  # unpackers refuse it, or hide the folder around it
            self.leave_out(f"the marker {path[-80:]!r} names nothing to hide, and was left out")
        elif not name.startswith(_AUFS):
            self._budget.keep(self._where, _NOTE + len(path))
            self._whiteouts.append(f"{folder}/{hidden}" if folder else hidden)
        return True

    def leave_out(self, why: str) -> None:
        """Say of an entry why it cannot be part of the image; of very many, only the number."""
        self._left_out += 1
        if self._left_out <= _MOST_LEFT_OUT:
            self.gaps.append(Gap(self._where, why, GapKind.INCOMPLETE))

    def finish(self) -> LayerFacts:
        """Run the analyzers that waited for files beside theirs, and hand over the facts."""
        files = self._files.finish()
        self.gaps += self._files.orphans()
        if (more := self._left_out - _MOST_LEFT_OUT) > 0:
            why = f"{more} more entries were left out"
            self.gaps.append(Gap(self._where, why, GapKind.INCOMPLETE))
        return LayerFacts(
            files=files,
            symlinks=self._symlinks,
            hardlinks=self._hardlinks,
            whiteouts=tuple(self._whiteouts),
            opaque=tuple(self._opaque),
            occupied=bytes(self._occupied),
            folders=bytes(self._folders),
            entries=self._entries,
            gaps=tuple(self.gaps),
        )

    def _enter(self, path: str) -> None:
        self._entries += 1
        self._occupied += path_hash(path)
        self._forget(path)

    def _note(self, path: str, other: str) -> None:
        self._budget.keep(self._where, _NOTE + len(path) + len(other))
        self._noted.add(path)

    def _forget(self, path: str) -> None:
        if path in self._noted:
            self._noted.remove(path)
            self._files.forget(path)
            self._symlinks.pop(path, None)
            self._hardlinks.pop(path, None)
