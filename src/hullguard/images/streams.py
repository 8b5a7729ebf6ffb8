"""A layer's bytes on their way from the blob to the tar walk: unpacked, counted and hashed."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Protocol, cast

from hullguard.model import Budget, Malformed

PIECE = 1 << 20
"""Unpacked data moves in pieces of at most this many bytes."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPABLE = b"\x2a\x4d\x18"  # after a first byte of 50 to 5F (RFC 8878, section 3.1.2)
_FOREIGN = (("xz", 0, b"\xfd7zXZ"), ("bzip2", 4, b"1AY&SY"), ("lz4", 0, b"\x04\x22\x4d\x18"))
_LONGEST_MAGIC = 10
_WIDEST_WINDOW = 1 << 27  # what zstd itself decompresses without being asked for more


class Digest:
    """Passes chunks through, and knows their digest and number of bytes when they have ended."""

    def __init__(self, chunks: Iterator[bytes], promised: str = "") -> None:
        self._chunks = chunks
        self._hash = hashlib.sha512() if promised.startswith("sha512:") else hashlib.sha256()
        self.size = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield the chunks unchanged."""
        for chunk in self._chunks:
            self._hash.update(chunk)
            self.size += len(chunk)
            yield chunk

    @property
    def digest(self) -> str:
        """The digest of what has passed so far, as images write it, of the kind promised."""
        return f"{self._hash.name}:{self._hash.hexdigest()}"


def unpacked(packed: Digest, where: str, budget: Budget) -> Iterator[bytes]:
    """Yield a blob's content, whatever it is compressed with; told by its first bytes.

    Media types lie often enough that nobody should believe them.

    Raises:
        Malformed: the compressed data is broken or stops early.
        BudgetSpent: it unpacks to more than is allowed.
    """
    chunks = _on_time(packed, where, budget)
    first = next(chunks, b"")
    while len(first) < _LONGEST_MAGIC and (more := next(chunks, b"")):
        first += more
    total = 0
    for piece in _method(first, where)(first, chunks, where):
        total += len(piece)
        budget.spend(where, bytes_=len(piece))
        budget.check_ratio(where, packed=packed.size, unpacked=total)
        yield piece


def _on_time(chunks: Iterable[bytes], where: str, budget: Budget) -> Iterator[bytes]:
    """Look at the clock with every chunk: little may come of many, or they may come slowly."""
    for chunk in chunks:
        budget.spend(where)
        yield chunk


Method = Callable[[bytes, Iterator[bytes], str], Iterator[bytes]]


def _method(head: bytes, where: str) -> Method:
    if head[:2] == _GZIP:
        return _gunzip
    if head[:4] == _ZSTD or (head[1:4] == _ZSTD_SKIPPABLE and head[0] >> 4 == 5):  # noqa: PLR2004 - the magic's high half byte
        return _unzstd
    for name, at, magic in _FOREIGN:
        if head.startswith(magic, at):
            raise Malformed(where, f"is compressed with {name}, which is not read")
    return _plain


def _plain(first: bytes, rest: Iterator[bytes], _where: str) -> Iterator[bytes]:
    if first:
        yield first
    yield from rest


def _gunzip(first: bytes, rest: Iterator[bytes], where: str) -> Iterator[bytes]:
    """Unpack every gzip member in turn (eStargz layers have thousands)."""
    from isal import igzip_lib  # noqa: PLC0415 - only where something is compressed

    pending, total = first, 0
    while pending[:2] == _GZIP:
        member = igzip_lib.IgzipDecompressor(flag=igzip_lib.DECOMP_GZIP)
        while not member.eof:
            try:
                piece = member.decompress(pending, PIECE)
            except Exception as error:  # noqa: BLE001 - isal's stubs do not name its error as a class
                raise Malformed(where, f"broken gzip data after {_size(total)} ({error})") from None
            total += len(piece)
            yield piece
            if member.eof or not member.needs_input:
                pending = b""
            elif not (pending := next(rest, b"")):
                raise Malformed(where, f"gzip data stops after {_size(total)}")
        pending = member.unused_data
        while len(pending) < len(_GZIP) and (more := next(rest, b"")):
            pending += more
    for _ in rest:  # what follows the last member is no data, but counts for the digest
        pass


def _unzstd(first: bytes, rest: Iterator[bytes], where: str) -> Iterator[bytes]:
    import zstandard  # noqa: PLC0415 - only where something is compressed

    unpacker = zstandard.ZstdDecompressor(max_window_size=_WIDEST_WINDOW)
    source = _Readable(first, rest)
    total = 0
    with unpacker.stream_reader(
        cast("IO[bytes]", source), read_size=PIECE, read_across_frames=True
    ) as reader:
        while True:
            try:
                piece = reader.read(PIECE)
            except zstandard.ZstdError as error:
                raise Malformed(where, f"broken zstd data after {_size(total)} ({error})") from None
            if not piece:
                break
            total += len(piece)
            yield piece


class _Readable:
    """Chunks as the file that the zstd reader wants."""

    def __init__(self, first: bytes, rest: Iterator[bytes]) -> None:
        self._pending = first
        self._rest = rest

    def read(self, size: int) -> bytes:
        if not self._pending:
            self._pending = next(self._rest, b"")
        taken, self._pending = self._pending[:size], self._pending[size:]
        return taken


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"


class Stream(Protocol):
    """What the tar walk reads from: a layer as it unpacks, or an archive on disk."""

    def read(self, count: int) -> bytes:
        """Return the next bytes, fewer at the end."""

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes as they come."""

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""

    def drain(self) -> None:
        """Read on to the end, where the end matters."""


class ByteStream:
    """Reads exact numbers of bytes from pieces of any size, copying as little as it can."""

    def __init__(self, pieces: Iterator[bytes], where: str) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0
        self._where = where
        self.passed = 0  # bytes handed out or skipped

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes; fewer only where the stream has nothing at all left.

        Raises:
            Malformed: the stream ends in between.
        """
        end = self._at + count
        if end <= len(self._piece):
            taken = self._piece[self._at : end]
            self._at = end
            self.passed += count
            return taken
        return self._read_across(count)

    def _read_across(self, count: int) -> bytes:
        parts = list(self._take(count, end_is_fine=True))
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def pieces(self, count: int) -> Iterator[bytes]:
        """Yield the next `count` bytes in pieces as they come.

        Raises:
            Malformed: the stream ends in between.
        """
        return self._take(count, end_is_fine=False)

    def _take(self, count: int, *, end_is_fine: bool) -> Iterator[bytes]:
        left = count
        while left:
            if self._at == len(self._piece) and not self._advance():
                if end_is_fine and left == count:
                    return
                raise Malformed(self._where, f"the archive stops after {_size(self.passed)}")
            taken = self._piece[self._at : self._at + left]
            self._at += len(taken)
            self.passed += len(taken)
            left -= len(taken)
            yield taken

    def skip(self, count: int) -> None:
        """Pass over `count` bytes.

        Raises:
            Malformed: the stream ends in between.
        """
        end = self._at + count
        if end <= len(self._piece):
            self._at = end
            self.passed += count
            return
        left = count
        while left:
            here = min(left, len(self._piece) - self._at)
            self._at += here
            self.passed += here
            left -= here
            if left and not self._advance():
                raise Malformed(self._where, f"the archive stops after {_size(self.passed)}")

    def drain(self) -> None:
        """Read on to the end: digests speak of every byte."""
        for _ in self._pieces:
            pass

    def _advance(self) -> bool:
        self._piece, self._at = next(self._pieces, b""), 0
        while not self._piece:
            following = next(self._pieces, None)
            if following is None:
                return False
            self._piece = following
        return True
