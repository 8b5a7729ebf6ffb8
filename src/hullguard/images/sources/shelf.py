"""Where an image's files lie: in a folder or inside a tar, by their paths."""

import os
from pathlib import Path
from typing import IO, Protocol

from hullguard.images.manifest import LARGEST_DOCUMENT
from hullguard.images.opened import Chunks
from hullguard.images.sources.disk_file import open_regular
from hullguard.model import Malformed

_CHUNK = 1 << 18


class Shelf(Protocol):
    """Files by their path: a folder, or a tar archive."""

    name: str

    def __contains__(self, path: str) -> bool:
        """Tell whether the file is there."""

    def size(self, path: str) -> int:
        """Return a file's size in bytes.

        Raises:
            Malformed: the file is not there.
        """

    def chunks(self, path: str) -> Chunks:
        """Yield a file's content; may be called from several threads.

        Raises:
            Malformed: the file is not there.
        """


class Folder:
    """A folder on disk as a shelf."""

    def __init__(self, root: Path) -> None:
        self.name = str(root)
        self._root = root

    def __contains__(self, path: str) -> bool:
        """Tell whether the file is there."""
        return os.path.isfile(self._root / path)  # noqa: PTH113 - Path.is_file raises for long names

    def size(self, path: str) -> int:
        """Return a file's size in bytes.

        Raises:
            Malformed: the file is not there.
        """
        with self._open(path) as file:
            return os.fstat(file.fileno()).st_size

    def chunks(self, path: str) -> Chunks:
        """Yield a file's content.

        Raises:
            Malformed: the file is not there, is no regular file, or cannot be read.
        """
        with self._open(path) as file:
            while chunk := self._read(file, path):
                yield chunk

    def _open(self, path: str) -> IO[bytes]:
        try:
            return os.fdopen(open_regular(self._root / path), "rb", buffering=0)
        except OSError as fault:
            raise self._malformed(path, fault) from None

    def _read(self, file: IO[bytes], path: str) -> bytes:
        try:
            return file.read(_CHUNK)
        except OSError as fault:
            raise self._malformed(path, fault) from None

    def _malformed(self, path: str, fault: OSError) -> Malformed:
        return Malformed(f"{self.name}/{path}", fault.strerror or str(fault))


def document(shelf: Shelf, path: str) -> bytes:
    """Return an index, a manifest or a config.

    Raises:
        Malformed: it is not there, or too large for such a document.
    """
    if path not in shelf:
        raise Malformed(f"{shelf.name}: {path}", "is missing")
    if shelf.size(path) > LARGEST_DOCUMENT:
        raise Malformed(f"{shelf.name}: {path}", "is absurdly large for a JSON document")
    return b"".join(shelf.chunks(path))
