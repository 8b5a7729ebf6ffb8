"""Sparse files inside tar archives: where the stored bytes belong in the real file.

Four formats (source: GNU tar manual, "Storing Sparse Files"): the old GNU header, and PAX
versions 0.0, 0.1 (a map in the headers) and 1.0 (a map before the content).
"""

from collections.abc import Iterator

from hullguard.images.streams import Stream
from hullguard.model import Malformed

Extent = tuple[int, int]
"""Offset in the real file, and number of stored bytes."""

_BLOCK = 512
_MOST = 1_000_000  # extents in one file
_HOLE = bytes(1 << 16)


def from_header(header: bytes, stream: Stream, where: str) -> tuple[int, tuple[Extent, ...]]:
    """Read an old GNU sparse header and the blocks that continue it.

    Returns the real size and the extents.

    Raises:
        Malformed: a number makes no sense.
    """
    size = _field(header[483:495], where)
    extents = list(_pairs(header[386:482], where))
    more = header[482]
    while more:
        block = stream.read(_BLOCK)
        if len(block) < _BLOCK or len(extents) > _MOST:
            raise Malformed(where, "a sparse file's map does not end")
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
    size = _decimal(pax.get("GNU.sparse.realsize") or pax.get("GNU.sparse.size", ""), where)
    if pax.get("GNU.sparse.major") == "1":
        numbers, used = _map_before_content(stream, where)
    else:
        text = pax.get("GNU.sparse.map", "")
        numbers, used = [_decimal(part, where) for part in text.split(",") if part], 0
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
    data = b""
    while True:
        block = stream.read(_BLOCK)
        if len(block) < _BLOCK or len(data) > _MOST * 20:
            raise Malformed(where, "a sparse file's map does not end")
        data += block
        lines = data.split(b"\n")
        count = _decimal(lines[0].decode("ascii", "replace"), where) if len(lines) > 1 else -1
        if count > _MOST:
            raise Malformed(where, "a sparse file has an absurd number of holes")
        if count >= 0 and len(lines) > 1 + 2 * count:
            numbers = [
                _decimal(line.decode("ascii", "replace"), where)
                for line in lines[1 : 1 + 2 * count]
            ]
            return numbers, len(data)


def _pairs(data: bytes, where: str) -> Iterator[Extent]:
    for at in range(0, len(data) - 23, 24):
        if not data[at]:
            return
        yield _field(data[at : at + 12], where), _field(data[at + 12 : at + 24], where)


def _field(field: bytes, where: str) -> int:
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big")
    try:
        return int(field.split(b"\0", 1)[0].strip() or b"0", 8)
    except ValueError:
        raise Malformed(where, "a sparse file's map holds a number that is none") from None


def _decimal(text: str, where: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - fits 62 bits
        raise Malformed(where, "a sparse file's map holds a number that is none")
    return int(text)


def _checked(extents: list[Extent], size: int, where: str) -> tuple[Extent, ...]:
    """Refuse maps that overlap, run backwards or leave the file."""
    at = 0
    for offset, length in extents:
        if offset < at or offset + length > size:
            raise Malformed(where, "a sparse file's map leaves the file")
        at = offset + length
    return tuple(extents) or ((0, 0),)
