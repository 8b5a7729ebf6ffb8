"""Sparse files inside tar archives: where the stored bytes belong in the real file.

Four formats (source: GNU tar manual, "Storing Sparse Files"): the old GNU header, and PAX
versions 0.0, 0.1 (a map in the headers) and 1.0 (a map before the content).
"""

from collections.abc import Iterator

from hullguard.images.streams import Stream
from hullguard.images.tar_numbers import decimal, number
from hullguard.model import MIB, Malformed

Extent = tuple[int, int]
"""Offset in the real file, and number of stored bytes."""

_BLOCK = 512
_LONGEST_MAP = 1 * MIB  # of one file, as in Go's archive/tar
_HOLE = bytes(1 << 16)


def from_header(header: bytes, stream: Stream, where: str) -> tuple[int, tuple[Extent, ...]]:
    """Read an old GNU sparse header and the blocks that continue it.

    Returns the real size and the extents.

    Raises:
        Malformed: a number makes no sense.
    """
    size = number(header[483:495], where)
    extents = list(_pairs(header[386:482], where))
    more = header[482]
    length = 0
    while more:
        block = _next_block(stream, length, where)
        length += _BLOCK
        extents += _pairs(block[:504], where)
        more = block[504]
    return size, _checked(extents, size, where)


def from_pax(
    pax: dict[str, str], stream: Stream, where: str
) -> tuple[int, tuple[Extent, ...], int]:
    """Read a sparse map of PAX version 0.0, 0.1 or 1.0.

    Returns the real size, the extents and how many bytes of content the map took.

    Raises:
        Malformed: a number makes no sense.
    """
    size = decimal(pax.get("GNU.sparse.realsize") or pax.get("GNU.sparse.size", ""), where)
    if pax.get("GNU.sparse.major") == "1":
        numbers, used = _map_before_content(stream, where)
    else:
        text = pax.get("GNU.sparse.map", "")
        numbers, used = [decimal(part, where) for part in text.split(",") if part], 0
    extents = list(zip(numbers[::2], numbers[1::2], strict=False))
    return size, _checked(extents, size, where), used


def unfolded(pieces: Iterator[bytes], extents: tuple[Extent, ...], size: int) -> Iterator[bytes]:
    """Yield the real file: the stored bytes at their places, zeros between."""
    at = 0
    pending = b""
    for offset, length in extents:
        yield from _zeros(offset - at)
        left = length
        while left:
            pending = pending or next(pieces, b"")
            if not pending:
                return
            taken, pending = pending[:left], pending[left:]
            left -= len(taken)
            yield taken
        at = offset + length
    yield from _zeros(size - at)


def _zeros(count: int) -> Iterator[bytes]:
    while count > 0:
        yield _HOLE[:count]
        count -= len(_HOLE)


def _map_before_content(stream: Stream, where: str) -> tuple[list[int], int]:
    """Read the number of extents, then as many pairs, one decimal a line, padded to blocks."""
    data = bytearray()
    lines, needed = 0, 1
    while lines < needed:
        block = _next_block(stream, len(data), where)
        data += block
        lines += block.count(b"\n")
        if needed == 1 and lines:
            needed += 2 * decimal(data.partition(b"\n")[0].decode("ascii", "replace"), where)
    numbers = data.split(b"\n")[1:needed]
    return [decimal(text.decode("ascii", "replace"), where) for text in numbers], len(data)


def _next_block(stream: Stream, length: int, where: str) -> bytes:
    """Return the next block of a map that is `length` bytes long already."""
    block = stream.read(_BLOCK)
    if len(block) < _BLOCK or length >= _LONGEST_MAP:
        raise Malformed(where, "a sparse file's map does not end")
    return block


def _pairs(data: bytes, where: str) -> Iterator[Extent]:
    for at in range(0, len(data) - 23, 24):
        if not data[at]:
            return
        yield number(data[at : at + 12], where), number(data[at + 12 : at + 24], where)


def _checked(extents: list[Extent], size: int, where: str) -> tuple[Extent, ...]:
    """Refuse maps that overlap, run backwards or leave the file."""
    at = 0
    for offset, length in extents:
        if offset < at or offset + length > size:
            raise Malformed(where, "a sparse file's map leaves the file")
        at = offset + length
    return tuple(extents) or ((0, 0),)
