"""A file on its way: what an interrupted run left is gone on with by the next.

Beside the target lie `NAME.part` and `NAME.part.json`, which says of which version the part is.
The target itself changes in one step, when everything is there.
"""

import fcntl
import gzip
import hashlib
import io
import os
import threading
import zlib
from pathlib import Path
from typing import Self

import msgspec

from hullguard.model import Malformed

_BLOCK = 1 << 20


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """Which version of an upstream file some bytes belong to."""

    url: str
    etag: str = ""
    last_modified: str = ""
    encoding: str = ""  # Content-Encoding; empty: as it is

    @property
    def validator(self) -> str:
        """What If-Range accepts: a strong etag, else a date (RFC 9110, section 13.1.5)."""
        if self.etag and not self.etag.startswith("W/"):
            return self.etag
        return self.last_modified


class Partial:
    """The part file, ours alone while open; close it, or use it in a `with` block."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._shared = target.with_name(target.name + ".part")
        self._path, self._file = _open_locked(self._shared)
        self._sidecar = self._path.with_name(self._path.name + ".json")

    def __enter__(self) -> Self:
        """Return the part itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file; what it holds stays for the next run, where that can find it."""
        if self._path != self._shared:
            self.discard()
        self._file.close()

    def resumable(self, url: str) -> tuple[int, Version | None]:
        """Say how many bytes are there and of which version; 0 and nothing: begin anew."""
        try:
            version = msgspec.json.decode(self._sidecar.read_bytes(), type=Version)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return 0, None
        size = self._file.seek(0, os.SEEK_END)
        if not size or version.url != url or not version.validator:
            return 0, None
        return size, version

    def begin(self, version: Version) -> None:
        """Throw away what is there and note of which version the next bytes are."""
        self._sidecar.unlink(missing_ok=True)  # never a sidecar beside bytes of another version
        self._file.seek(0)
        self._file.truncate()
        self._sidecar.write_bytes(msgspec.json.encode(version))

    def write(self, data: bytes) -> None:
        """Append."""
        self._file.write(data)

    def forget(self) -> None:
        """Have the next run begin anew: what is there is of no use."""
        self._sidecar.unlink(missing_ok=True)

    def discard(self) -> None:
        """Remove the part."""
        self.forget()
        self._path.unlink(missing_ok=True)

    def finish(self, encoding: str, most: int) -> str:
        """Put the file in the target's place and return its sha256, in hexadecimal digits.

        Args:
            encoding: "gzip" where the bytes were packed for the transfer only.
            most: bytes that the unpacked file may have.

        Raises:
            Malformed: it cannot be unpacked, or is longer.
        """
        self._file.flush()
        self.forget()  # first: behind the last step, these names may be another run's already
        if encoding:
            try:
                return self._unpacked(most)
            finally:
                self._path.unlink(missing_ok=True)
        os.fsync(self._file.fileno())
        self._file.seek(0)
        digest = hashlib.file_digest(self._file, "sha256").hexdigest()
        self._path.replace(self._target)
        return digest

    def _unpacked(self, most: int) -> str:
        plain = self._path.with_name(self._path.name + ".plain")
        digest = hashlib.sha256()
        self._file.seek(0)
        try:
            with plain.open("wb") as out, gzip.open(self._file) as packed:
                while block := packed.read(_BLOCK):
                    out.write(block)
                    digest.update(block)
                    if out.tell() > most:
                        raise Malformed(str(self._target), f"unpacks to more than {most} bytes")
                out.flush()
                os.fsync(out.fileno())
            plain.replace(self._target)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise Malformed(
                str(self._target), f"was packed wrongly for the way: {error}"
            ) from error
        finally:
            plain.unlink(missing_ok=True)
        return digest.hexdigest()


def _open_locked(path: Path) -> tuple[Path, io.BufferedRandom]:
    """Open the part file for us alone; while another run has it, one with a name of our own."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        file = os.fdopen(descriptor, "r+b")
        if not _locked(file):
            file.close()
            path = path.with_name(f"{path.stem}.{os.getpid()}-{threading.get_ident()}.part")
            continue
        if _still_there(path, file):
            return path, file
        file.close()  # another run has just moved it to its target


def _locked(file: io.BufferedRandom) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _still_there(path: Path, file: io.BufferedRandom) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False
