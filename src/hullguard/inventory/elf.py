"""The parts of a Linux program that analyzers look at: sections by name, memory by address.

Both word sizes and both byte orders. Whatever a header places outside the file is not there:
that is how stripped programs and separate debugging files look, so it is no error.
(Source: System V ABI, chapters 4 and 5; `man 5 elf`.)
"""

import struct
from collections.abc import Iterator

import msgspec

from hullguard.inventory.analyzer import Buffer
from hullguard.model import MIB

_MAGIC = b"\x7fELF"
_LOAD = 1  # a segment that is mapped into memory
_EXECUTABLE, _WRITABLE = 1, 2
_NO_BITS = 8  # a section without bytes in the file
_IN_FIRST_SECTION = 0xFFFF  # the number of the name table did not fit into its field
_LONGEST_NAMES = MIB

_HEADERS = {1: "HHIIIIIHHHHHH", 2: "HHIQQQIHHHHHH"}  # by class: 1 is 32 bits, 2 is 64 bits
_SECTIONS = {1: "IIIIIIIIII", 2: "IIQQQQIIQQ"}
_SEGMENTS = {1: "IIIIIIII", 2: "IIQQQQQQ"}
_ORDERS = {1: "<", 2: ">"}


class Part(msgspec.Struct, frozen=True):
    """A run of bytes in the file, and the address where the running program sees it."""

    offset: int
    size: int
    address: int


class Elf(msgspec.Struct, frozen=True, kw_only=True):
    """A program's header."""

    data: Buffer
    order: str  # "<" little-endian, ">" big-endian, as `struct` writes it
    kind: int  # 1: 32 bits, 2: 64 bits
    segments_at: int
    segments: int
    sections_at: int
    sections: int
    names: int  # the number of the section that holds the sections' names


def read_elf(data: Buffer) -> Elf | None:
    """Return the header of a program, or nothing where the bytes are no such program."""
    head = data[:64]
    layout = _HEADERS.get(head[4]) if len(head) == 64 and head[:4] == _MAGIC else None  # noqa: PLR2004 - the size of the longer header; no program is shorter
    order = _ORDERS.get(head[5]) if layout else None
    if layout is None or order is None:
        return None
    fields = struct.unpack_from(order + layout, head, 16)
    return Elf(
        data=data,
        order=order,
        kind=head[4],
        segments_at=fields[4],
        segments=fields[9],
        sections_at=fields[5],
        sections=fields[11],
        names=fields[12],
    )


def has_sections(elf: Elf) -> bool:
    """Tell whether the file still names its sections; a running program needs none."""
    return bool(elf.sections_at and _names(elf))


def find_section(elf: Elf, name: bytes) -> Part | None:
    """Return the section of this name, if the program has one with bytes in the file.

    Looks at the name table first: most programs lack the section, and thousands are asked.
    """
    names = _names(elf) if elf.sections_at else b""
    sought = name + b"\0"
    if sought not in names:
        return None
    for section in _rows(elf, _SECTIONS, elf.sections_at, elf.sections):
        if section[1] != _NO_BITS and names.startswith(sought, section[0]):
            return Part(offset=section[4], size=section[5], address=section[3])
    return None


def loaded_segments(elf: Elf) -> Iterator[Part]:
    """Yield what is mapped into the running program's memory."""
    for _, part in _segments(elf):
        yield part


def data_segment(elf: Elf) -> Part | None:
    """Return the first segment that the program may write to but not run."""
    for flags, part in _segments(elf):
        if flags & (_WRITABLE | _EXECUTABLE) == _WRITABLE:
            return part
    return None


def memory(elf: Elf, address: int, size: int) -> bytes:
    """Return up to `size` bytes from where the running program sees `address`."""
    for part in loaded_segments(elf):
        inside = address - part.address
        if 0 <= inside < part.size:
            start = part.offset + inside
            return elf.data[start : start + min(size, part.size - inside)]
    return b""


def is_cut_short(elf: Elf) -> bool:
    """Tell whether the sections, which stand last, lie beyond the end of the file."""
    return elf.sections_at > len(elf.data)


def _names(elf: Elf) -> bytes:
    number = elf.names
    if number == _IN_FIRST_SECTION:
        first = next(_rows(elf, _SECTIONS, elf.sections_at, 1), None)
        number = first[6] if first else 0
    at = elf.sections_at + number * struct.calcsize("=" + _SECTIONS[elf.kind])
    row = next(_rows(elf, _SECTIONS, at, 1), None)
    return elf.data[row[4] : row[4] + min(row[5], _LONGEST_NAMES)] if row else b""


def _segments(elf: Elf) -> Iterator[tuple[int, Part]]:
    for row in _rows(elf, _SEGMENTS, elf.segments_at, elf.segments):
        if row[0] != _LOAD:
            continue
        if elf.kind == 1:
            yield row[6], Part(offset=row[1], size=row[4], address=row[2])
        else:
            yield row[1], Part(offset=row[2], size=row[5], address=row[3])


def _rows(elf: Elf, layouts: dict[int, str], at: int, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the rows of a table, as far as the file reaches."""
    layout = struct.Struct(elf.order + layouts[elf.kind])
    table = elf.data[at : at + count * layout.size]
    whole = len(table) - len(table) % layout.size
    yield from layout.iter_unpack(table[:whole])
