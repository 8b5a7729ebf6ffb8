"""The bytes of a file that somebody wants, on their way to an analyzer."""

import mmap
import os
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Protocol

from hullguard.inventory.analyzer import Buffer
from hullguard.model import MIB

IN_MEMORY = 1 * MIB
"""Files up to this size are held in memory."""

_BEGINNING = 4  # bytes: what tells a program


class Content(Protocol):
    """A file that was opened; ask for its beginning first, if at all."""

    def beginning(self) -> bytes:
        """Return the first 4 bytes, fewer where there are no more."""

    def whole(self) -> Buffer:
        """Return all bytes."""


Opener = Callable[[int], Content]
"""Opens the file at hand, given its size in bytes; called only where somebody wants it."""


class Streamed:
    """Content that comes by once, in pieces: large files are kept in a nameless file."""

    def __init__(self, pieces: Iterator[bytes], size: int) -> None:
        self._pieces = pieces
        self._size = size
        self._head = b""

    def beginning(self) -> bytes:
        """Return the first 4 bytes, however small the pieces are."""
        while len(self._head) < _BEGINNING and (piece := next(self._pieces, b"")):
            self._head += piece
        return self._head[:_BEGINNING]

    def whole(self) -> Buffer:
        """Return all bytes; raises OSError where there is no room for them."""
        pieces = chain((self._head,), self._pieces)
        if self._size <= IN_MEMORY:
            return b"".join(pieces)
        with tempfile.TemporaryFile() as spool:
            for piece in pieces:
                if piece.startswith(b"\0") and not piece.strip(b"\0"):
                    spool.seek(len(piece), os.SEEK_CUR)  # holes cost no disk
                else:
                    spool.write(piece)
            spool.truncate()
            return mmap.mmap(spool.fileno(), 0, access=mmap.ACCESS_READ)
