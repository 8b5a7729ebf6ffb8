"""Files on disk, read where an analyzer looks, while others may be writing to them."""

import errno
import os
import stat
import weakref
from typing import overload

from hullguard.images.content import IN_MEMORY
from hullguard.inventory.analyzer import Buffer
from hullguard.model import MIB

_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_FIRST_WINDOW = 4096  # bytes searched at once, doubling ...
_LARGEST_WINDOW = 1 * MIB  # ... up to this


def open_regular(path: str | os.PathLike[str], flags: int = 0) -> int:
    """Open a file for reading and return its descriptor; never waits, as a pipe would make it.

    Raises:
        OSError: it cannot be opened, or is no regular file.
    """
    file = os.open(path, _FLAGS | flags)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is a folder, a device or a pipe")
    return file


class DiskFile:
    """A file as `Content` and as a `Buffer`: nothing is copied.

    A file that shrinks meanwhile ends in an OSError; mapped memory would end the whole process.

    Raises:
        OSError: it cannot be opened, or is no regular file (any more).
    """

    def __init__(self, path: str) -> None:
        self._file = open_regular(path, os.O_NOFOLLOW)
        weakref.finalize(self, os.close, self._file)
        self._size = os.fstat(self._file).st_size

    def beginning(self) -> bytes:
        """Return the first 4 bytes, fewer where there are no more."""
        return self[:4]

    def whole(self) -> Buffer:
        """Return the bytes of a small file, and a large one as the buffer that it is."""
        return self[:] if self._size <= IN_MEMORY else self

    def __len__(self) -> int:
        """Return the size that the file had when it was opened."""
        return self._size

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> bytes: ...
    def __getitem__(self, at: int | slice) -> int | bytes:
        """Return a byte, or those of a slice without a step."""
        if isinstance(at, slice):
            start, end, _ = at.indices(self._size)
            return self._read(start, max(0, end - start))
        if not 0 <= at < self._size:
            raise IndexError(at)
        return self._read(at, 1)[0]

    def find(self, sought: bytes, start: int = 0, end: int | None = None) -> int:
        """Return the offset of the first occurrence, or -1."""
        last = self._size if end is None else min(end, self._size)
        window = _FIRST_WINDOW
        while start < last:
            found = self[start : min(start + window + len(sought) - 1, last)].find(sought)
            if found >= 0:
                return start + found
            start += window
            window = min(2 * window, _LARGEST_WINDOW)
        return -1

    def _read(self, start: int, count: int) -> bytes:
        data = os.pread(self._file, count, start)
        while len(data) < count and (
            more := os.pread(self._file, count - len(data), start + len(data))
        ):
            data += more
        if len(data) < count:
            raise OSError(errno.EIO, "it became shorter while it was read")
        return data
