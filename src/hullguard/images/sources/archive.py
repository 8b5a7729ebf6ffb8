"""Tar archives of images: members by name without unpacking, from a file or standard input."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from hullguard.images.links import resolve
from hullguard.images.streams import Digest, unpacked
from hullguard.images.tar import BLOCK, Kind, TarWalk, is_header
from hullguard.model import MIB, Budget, Malformed, Unreachable

_TAR_MAGIC_AT = 257
_CHUNK = 1 << 18
_MOST_MEMBERS = 100_000


class FileStream:
    """A file as the tar walk reads it: what is skipped is never read."""

    def __init__(self, file: IO[bytes], size: int, where: str) -> None:
        self._file = file
        self._size = size
        self._where = where

    @property
    def at(self) -> int:
        """The offset of the next byte."""
        return self._file.tell()

    def read(self, count: int) -> bytes:
        """Return the next bytes, fewer at the end."""
        return self._file.read(count)

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes."""
        yield self._file.read(count)

    def skip(self, count: int) -> None:
        """Pass over bytes.

        Raises:
            Malformed: the file ends before.
        """
        if self._file.tell() + count > self._size:
            raise Malformed(self._where, f"the archive stops after {self._size / 1e6:.1f} MB")
        self._file.seek(count, 1)

    def drain(self) -> None:
        """Stop: an archive's outer digest is nobody's promise."""


class Archive:
    """A tar archive as a shelf. Links between members are followed inside the archive."""

    def __init__(self, file: IO[bytes], name: str, budget: Budget) -> None:
        self.name = name
        self._file = file
        self._members: dict[str, tuple[int, int]] = {}
        self._links: dict[str, str] = {}
        try:
            self._index(budget)
        except BaseException:
            file.close()
            raise

    def __contains__(self, path: str) -> bool:
        """Tell whether the file is there."""
        with suppress(Malformed):  # links that lead in a circle
            return self._real(path) in self._members
        return False

    def size(self, path: str) -> int:
        """Return a file's size in bytes."""
        return self._members[self._real(path)][1]

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a file's content; may be called from several threads.

        Raises:
            Malformed: the file is not there.
        """
        found = self._members.get(self._real(path))
        if found is None:
            raise Malformed(f"{self.name}: {path}", "is missing from the archive")
        at, left = found
        while left:
            chunk = _read_at(self._file, min(left, _CHUNK), at)
            if not chunk:
                raise Malformed(f"{self.name}: {path}", "the archive stops inside it")
            at += len(chunk)
            left -= len(chunk)
            yield chunk

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _index(self, budget: Budget) -> None:
        size = self._file.seek(0, 2)
        if not size:
            raise Malformed(self.name, "is empty")
        self._file.seek(0)
        try:
            self._take_members(FileStream(self._file, size, self.name), budget)
        except Malformed:
            if self._members:
                raise
            raise Malformed(self.name, "is no image archive: it is no tar file") from None

    def _take_members(self, stream: FileStream, budget: Budget) -> None:
        for member in TarWalk(stream, self.name, budget):
            if member.kind is Kind.FILE and member.path:
                self._members[member.path] = (stream.at, member.size)
                if len(self._members) > _MOST_MEMBERS:
                    raise Malformed(self.name, f"is no image: it has over {_MOST_MEMBERS} files")
            elif member.kind is Kind.SYMLINK:
                folder = member.path.rpartition("/")[0]
                self._links[member.path] = f"/{folder}/{member.link}"
            elif member.kind is Kind.HARDLINK:
                self._links[member.path] = f"/{member.link}"

    def _real(self, path: str) -> str:
        path = path.removeprefix("./")
        if path in self._members or path not in self._links:
            return path
        return resolve(path, self._links)


def _read_at(file: IO[bytes], count: int, at: int) -> bytes:
    return os.pread(file.fileno(), count, at)


def open_archive(path: Path, budget: Budget) -> Archive:
    """Open a tar archive; a compressed one is unpacked into a temporary file first.

    Raises:
        Malformed: it is no tar archive.
        Unreachable: the file cannot be opened.
    """
    try:
        file = path.open("rb")
    except OSError as fault:
        raise Unreachable(f"{path}: {fault.strerror}") from None
    head = file.read(_TAR_MAGIC_AT + 5)
    if head[_TAR_MAGIC_AT:] == b"ustar":
        return Archive(file, str(path), budget)
    file.seek(0)
    with file:
        return Archive(spooled(file, str(path), budget), str(path), budget)


def spooled(file: IO[bytes], name: str, budget: Budget) -> IO[bytes]:
    """Copy a stream, unpacked, into a nameless file that can be read from anywhere.

    Raises:
        Malformed: the compressed data is broken, or is no tar archive.
        Unreachable: the stream breaks off, or there is no room for its content.
    """
    pieces = unpacked(Digest(iter(lambda: file.read(MIB), b"")), name, budget)
    try:
        spool = tempfile.TemporaryFile()  # noqa: SIM115 - the archive closes it
        try:
            spool.writelines(_of_tar(pieces, name))
        except BaseException:
            spool.close()
            raise
    except OSError as fault:
        advice = "Set TMPDIR to a folder with room for it, or unpack it first."
        raise Unreachable(f"{name}: cannot be unpacked ({fault.strerror}).\n{advice}") from fault
    return spool


def _of_tar(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Pass the pieces on, unless they begin like nothing that is worth the disk."""
    beginning = b""
    while len(beginning) < BLOCK and (piece := next(pieces, b"")):
        beginning += piece
    if beginning and not is_header(beginning[:BLOCK]):
        raise Malformed(name, "is no image archive: it is no tar file")
    yield beginning
    yield from pieces
