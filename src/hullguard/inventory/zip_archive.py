"""Zip archives, read by their table of contents: only the members asked for cost anything.

Takes what may stand before the archive (a start script), zip64, stored and deflated members.
Nothing is unpacked to disk, and every member is held against the size and the checksum that the
table promises. (Source: PKWARE APPNOTE.TXT 6.3, sections 4.3 to 4.5.)

The standard library's zipfile makes an object of every entry: a hostile table of contents of
100 MB would take over 1 GB of memory, and an application of 100 archives twice the time.
"""

import struct
import zlib
from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import Buffer
from hullguard.model import Budget, BudgetSpent, Malformed

_END = struct.Struct("<4s8xLL2x")  # signature, size and offset of the table of contents
_END_64 = struct.Struct("<4s36xQQ")
_LOCATOR_64 = 20  # bytes
_ENTRY = struct.Struct("<4s4xHH4xLLLHHH8xL")
_LOCAL = struct.Struct("<4s22xHH")
_LONGEST_COMMENT = 0xFFFF
_ELSEWHERE = 0xFFFFFFFF  # the number did not fit: zip64 keeps it in another place
_ENCRYPTED = 1
_STORED, _DEFLATED = 0, 8


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the table of contents."""

    name: str
    encrypted: bool
    method: int
    checksum: int
    packed: int  # bytes as they lie in the archive
    size: int  # bytes unpacked
    at: int  # where its header lies


def members(
    data: Buffer, endings: tuple[bytes, ...], where: str, budget: Budget
) -> Iterator[Member]:
    """Yield the members whose lower-cased names end so, in the order of the table.

    Raises:
        Malformed: this is no archive, or its table of contents is broken.
        BudgetSpent: it has too many entries.
    """
    start, end, shift = _table(data, where)
    while start < end:
        budget.spend(where, entries=1)
        name_at = start + _ENTRY.size
        row = _ENTRY.unpack(data[start:name_at]) if name_at <= end else (b"",)
        if row[0] != b"PK\x01\x02":
            raise Malformed(where, "is an archive whose table of contents is broken")
        extra_at = name_at + row[6]
        name = data[name_at:extra_at]
        if name.lower().endswith(endings):
            yield _member(row, name, data[extra_at : extra_at + row[7]], shift)
        start = extra_at + row[7] + row[8]


def content(data: Buffer, member: Member, where: str, budget: Budget, most: int) -> bytes:
    """Return a member's bytes.

    Args:
        data: the archive.
        member: one of its members.
        where: what to call the member in errors.
        budget: pays for the unpacked bytes.
        most: the largest size that is unpacked at all.

    Raises:
        Malformed: it is encrypted, packed in an unknown way, not what the table promises, or
            larger than `most` or the budget's ratio allow.
        BudgetSpent: nothing is left for this or any other member.
    """
    _check_cost(member, where, budget, most)
    if member.encrypted:
        raise Malformed(where, "is encrypted")
    packed = _packed(data, member, where)
    text = packed if member.method == _STORED else _inflated(packed, member, where)
    if len(text) != member.size or zlib.crc32(text) != member.checksum:
        raise Malformed(where, "is not what the archive's table of contents promises")
    return text


def _check_cost(member: Member, where: str, budget: Budget, most: int) -> None:
    if member.size > most:
        raise Malformed(where, f"unpacks to {member.size} bytes, more than {most} are allowed")
    try:
        budget.check_ratio(where, packed=member.packed, unpacked=member.size)
    except BudgetSpent as bomb:  # a fault of this member: others may still be read
        raise Malformed(where, bomb.why) from None
    budget.spend(where, bytes_=member.size)


def _packed(data: Buffer, member: Member, where: str) -> bytes:
    head = data[member.at : member.at + _LOCAL.size]
    if len(head) < _LOCAL.size or head[:4] != b"PK\x03\x04":
        raise Malformed(where, "is not where the archive's table of contents says")
    _, name, extra = _LOCAL.unpack(head)
    start = member.at + _LOCAL.size + name + extra
    return data[start : start + member.packed]


def _inflated(packed: bytes, member: Member, where: str) -> bytes:
    if member.method != _DEFLATED:
        raise Malformed(where, f"is compressed by method {member.method}, which is not read")
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, member.size + 1)
    except zlib.error as error:
        raise Malformed(where, f"cannot be unpacked: {error}") from None


def _table(data: Buffer, where: str) -> tuple[int, int, int]:
    """Return start and end of the table of contents, and how far all offsets are shifted."""
    tail_at = max(0, len(data) - _LONGEST_COMMENT - _END.size)
    tail = data[tail_at:]
    found = tail.rfind(b"PK\x05\x06")
    if found < 0 or found + _END.size > len(tail):
        raise Malformed(where, "is no zip archive, or one that is cut short")
    _, size, offset = _END.unpack_from(tail, found)
    end, size, offset = _table_64(data, tail_at + found) or (tail_at + found, size, offset)
    start = end - size
    if start < offset:
        raise Malformed(where, "is an archive whose table of contents lies outside it")
    return start, end, start - offset


def _table_64(data: Buffer, end: int) -> tuple[int, int, int] | None:
    """Return the table's end, size and offset from the zip64 record, where there is one.

    It stands right before the end record, followed by a locator of its own.
    """
    at = max(0, end - _END_64.size - _LOCATOR_64)
    record = data[at:end]
    if len(record) < _END_64.size + _LOCATOR_64 or record[:4] != b"PK\x06\x06":
        return None
    _, size, offset = _END_64.unpack_from(record)
    return at, size, offset


def _member(row: tuple[int, ...], name: bytes, extra: bytes, shift: int) -> Member:
    sizes = [row[5], row[4], row[9]]  # in the order in which zip64 repeats them
    if _ELSEWHERE in sizes:
        sizes = _sizes_64(sizes, extra)
    return Member(
        name=name.decode(errors="replace"),
        encrypted=bool(row[1] & _ENCRYPTED),
        method=row[2],
        checksum=row[3],
        packed=sizes[1],
        size=sizes[0],
        at=sizes[2] + shift,
    )


def _sizes_64(sizes: list[int], extra: bytes) -> list[int]:
    """Fill in the numbers that did not fit, from the extra field with the id 1."""
    while len(extra) >= 4:  # noqa: PLR2004 - id and length, two bytes each
        kind, length = struct.unpack_from("<HH", extra)
        if kind == 1:
            body = extra[4 : 4 + length]
            wide = struct.iter_unpack("<Q", body[: len(body) // 8 * 8])
            return [next(wide, (size,))[0] if size == _ELSEWHERE else size for size in sizes]
        extra = extra[4 + length :]
    return sizes
