"""Hands the wanted files of one layer or folder to their analyzers, and keeps what they tell."""

import errno

from msgspec import structs

from hullguard.images.content import Opener
from hullguard.inventory.analyzer import Analyzer, Buffer, File
from hullguard.inventory.facts import FileFacts, learn
from hullguard.inventory.wanted import Wanted, reader
from hullguard.model import GIB, MIB, Budget, Gap, GapKind

_ELF = b"\x7fELF"
_LARGEST = 8 * GIB  # of one wanted file ...
_LARGEST_BESIDE = 64 * MIB  # ... and of one beside it, which is always held in memory
_FACTS = 1024  # bytes of memory that one file's facts take beside its texts, roughly
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


class WantedFiles:
    """What the analyzers told so far, by path."""

    def __init__(self, wanted: Wanted, budget: Budget) -> None:
        self._wanted = wanted
        self._budget = budget
        self._facts: dict[str, list[FileFacts]] = {}
        self._waiting: dict[str, list[tuple[Analyzer, Buffer]]] = {}  # for what lies beside
        self._beside: dict[str, bytes] = {}

    def take(self, path: str, *, size: int, program: bool, open_: Opener) -> bool:
        """Take a regular file, and tell whether anything is kept of it.

        Raises:
            Malformed: the stream that the file comes from ends in it.
            BudgetSpent: nothing more may be read.
        """
        rows = self._wanted.by_path(path)
        try:
            if rows:
                self._budget.keep(path, _FACTS + len(path))
                self._read(path, rows, size, open_)
            elif self._wanted.beside(path):
                self._hold_beside(path, size, open_)
            elif program and size > len(_ELF) and self._wanted.programs:
                rows = self._wanted.programs
                self._read(path, rows, size, open_, beginning=_ELF)
            else:
                return False
        except OSError as fault:
            self._say(path, rows, _unreadable(path, fault))
        return True

    def refuse(self, path: str) -> bool:
        """Take something that is no file; a gap if its name is wanted."""
        if rows := self._wanted.by_path(path):
            self._budget.keep(path, _FACTS + len(path))
            self._say(path, rows, Gap(path, "is a device, a pipe or a socket, and no file"))
        return bool(rows)

    def forget(self, path: str) -> None:
        """Drop what was told of a path: something else takes its place."""
        self._facts.pop(path, None)
        self._waiting.pop(path, None)
        self._beside.pop(path, None)

    def finish(self) -> tuple[FileFacts, ...]:
        """Run the analyzers that waited for files beside theirs, and return what all told."""
        for path, waiting in self._waiting.items():
            for row, data in waiting:
                self._learn(row, path, data, self._companions(row, path))
        return tuple(facts for found in self._facts.values() for facts in found)

    def orphans(self) -> list[Gap]:
        """Name the write-ahead logs whose database is in another layer."""
        why = "holds changes to a database of a lower layer, which were not read"
        return [
            Gap(path, why, GapKind.INCOMPLETE)
            for path, data in self._beside.items()
            if data and path.endswith("-wal")
        ]

    def _read(
        self,
        path: str,
        rows: tuple[Analyzer, ...],
        size: int,
        open_: Opener,
        beginning: bytes = b"",
    ) -> None:
        content = open_(size)
        if beginning and content.beginning() != beginning:
            return
        if size > _LARGEST:  # most often of holes
            self._say(path, rows, _too_large(path, _LARGEST))
            return
        data = content.whole()
        for row in rows:
            if row.companions or row.siblings:
                self._waiting.setdefault(path, []).append((row, data))
            else:
                self._learn(row, path, data, {})

    def _hold_beside(self, path: str, size: int, open_: Opener) -> None:
        if size > _LARGEST_BESIDE:
            self._say(path, (), _too_large(path, _LARGEST_BESIDE))
            return
        self._budget.keep(path, size)
        self._beside[path] = open_(size).whole()[:]

    def _learn(self, row: Analyzer, path: str, data: Buffer, beside: dict[str, bytes]) -> None:
        seen_as = self._wanted.seen_as(path)
        facts = learn(row, reader(row), File(path=seen_as, data=data, beside=beside), self._budget)
        if facts.packages or facts.owned or facts.distros or facts.gaps or row.paths or row.folders:
            if seen_as != path:
                facts = structs.replace(facts, path=path, stands_for=seen_as)
            self._keep(facts)

    def _companions(self, row: Analyzer, path: str) -> dict[str, bytes]:
        folder, slash, name = path.rpartition("/")
        names = (*(name + ending for ending in row.companions), *row.siblings)
        found = {name: self._beside.pop(folder + slash + name, None) for name in names}
        return {name: data for name, data in found.items() if data is not None}

    def _say(self, path: str, rows: tuple[Analyzer, ...], gap: Gap) -> None:
        self._keep(FileFacts(path=path, analyzer=rows[0].name if rows else "", gaps=(gap,)))

    def _keep(self, facts: FileFacts) -> None:
        self._facts.setdefault(facts.path, []).append(facts)


def _unreadable(path: str, fault: OSError) -> Gap:
    advice = "Set TMPDIR to a folder that has room for it" if fault.errno in _NO_ROOM else ""
    return Gap(path, f"cannot be read ({fault.strerror or fault})", advice=advice)


def _too_large(path: str, most: int) -> Gap:
    why = f"is larger than {most // MIB} MiB, the most that is read of such a file"
    return Gap(path, why, GapKind.INCOMPLETE)
