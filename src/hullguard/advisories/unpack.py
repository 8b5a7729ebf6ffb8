"""Feeds as they are sent: compressed. Read as they are meant: a seekable stream."""

import bz2
import lzma
from collections.abc import Callable, Iterator
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from hullguard.model import MIB, Budget, Malformed

_KEPT_IN_MEMORY = 32 * MIB  # more goes to a temporary file
_PIECE = MIB
_ZSTD_PIECE = 1 << 10  # packed bytes: one of zstd's blocks of 4 bytes may stand for 128 KiB


def unpacked(packed: BinaryIO, name: str, budget: Budget) -> BinaryIO:
    """Return a seekable stream of the content, its method told by the first bytes.

    What is not gzip, bzip2, xz or zstd is returned as it is. The caller closes both streams.

    Raises:
        Malformed: the compressed data is broken or stops early.
        BudgetSpent: it unpacks to more than is allowed.
    """
    head = packed.read(max(map(len, _METHODS)))
    size = packed.seek(0, 2)
    packed.seek(0)
    for magic, method in _METHODS.items():
        if head.startswith(magic):
            return _spooled(method(packed), size, name, budget)
    budget.spend(name, bytes_=size)
    return packed


def _spooled(pieces: Iterator[bytes], packed: int, name: str, budget: Budget) -> BinaryIO:
    spool = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        for piece in _named_errors(pieces, name):
            budget.spend(name, bytes_=len(piece))
            spool.write(piece)
            budget.check_ratio(name, packed=packed, unpacked=spool.tell())
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return cast("BinaryIO", spool)


def _named_errors(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    try:
        yield from pieces
    except EOFError:
        raise Malformed(name, "compressed data stops early; fetch the file again") from None
    except Exception as error:  # noqa: BLE001 - isal and zstandard have error classes of their own
        raise Malformed(name, f"compressed data is broken ({error})") from None


def _read_all(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(_PIECE):
            yield piece


def _gzip(packed: BinaryIO) -> Iterator[bytes]:
    from isal import igzip  # noqa: PLC0415 - only where something is compressed

    return _read_all(cast("BinaryIO", igzip.open(packed, "rb")))  # type: ignore[no-untyped-call] # isal types its streams only


def _bzip2(packed: BinaryIO) -> Iterator[bytes]:
    return _read_all(cast("BinaryIO", bz2.BZ2File(packed)))


def _xz(packed: BinaryIO) -> Iterator[bytes]:
    return _read_all(cast("BinaryIO", lzma.LZMAFile(packed)))


def _zstd(packed: BinaryIO) -> Iterator[bytes]:
    """Unpack frame by frame: zstandard's own reader does not tell where one is cut off."""
    import zstandard  # noqa: PLC0415 - only where something is compressed

    frame = zstandard.ZstdDecompressor().decompressobj()
    while chunk := packed.read(_ZSTD_PIECE):
        while chunk:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            yield frame.decompress(chunk)
            chunk = frame.unused_data
    if not frame.eof:
        raise EOFError


_METHODS: dict[bytes, Callable[[BinaryIO], Iterator[bytes]]] = {
    b"\x1f\x8b": _gzip,
    b"BZh": _bzip2,
    b"\xfd7zXZ\0": _xz,
    b"\x28\xb5\x2f\xfd": _zstd,
}
