"""Makes small ELF files by hand, in every word size and byte order; shared by tests of programs."""

import struct

BASE = 0x40_0000
"""The address at which the running program sees the file's first byte."""

FIRST = 0x200
"""The offset of the first section's bytes; the others follow, at multiples of 16."""

_HEADERS = {32: "HHIIIIIHHHHHH", 64: "HHIQQQIHHHHHH"}
_SECTIONS = {32: "IIIIIIIIII", 64: "IIQQQQIIQQ"}
_SEGMENTS = {32: "IIIIIIII", 64: "IIQQQQQQ"}
_READ_WRITE = 6
_NAMES = b".shstrtab"
_HAS_BITS, _NAME_TABLE = 1, 3


def make_elf(
    sections: dict[bytes, bytes],
    *,
    bits: int = 64,
    order: str = "<",
    stripped: bool = False,
    kind: int = _HAS_BITS,
) -> bytes:
    """Return a program with these sections, all in one segment that it may write to.

    Args:
        sections: content by name.
        bits: 32 or 64.
        order: "<" for little-endian, ">" for big-endian.
        stripped: leave the table of sections out.
        kind: the sections' type; 8 has no bytes in the file.
    """
    body, rows = _body(sections, kind)
    names_at = FIRST + len(body)
    names = b"\0" + b"".join(name + b"\0" for name in (*sections, _NAMES))
    rows.append((names.index(_NAMES + b"\0"), _NAME_TABLE, names_at, len(names)))
    table_at = names_at + len(names)
    table = b"".join(_section(row, bits, order) for row in [(0, 0, 0, 0), *rows])
    content = body if stripped else body + names + table
    head = _header(bits, order, 0 if stripped else table_at, 0 if stripped else len(rows) + 1)
    head += _segment(bits, order, FIRST + len(body))
    return head.ljust(FIRST, b"\0") + content


def _body(sections: dict[bytes, bytes], kind: int) -> tuple[bytes, list[tuple[int, ...]]]:
    body, rows, name_at = b"", [], 1
    for name, content in sections.items():
        rows.append((name_at, kind, FIRST + len(body), len(content)))
        body += content + bytes(-len(content) % 16)
        name_at += len(name) + 1
    return body, list(rows)


def _section(row: tuple[int, ...], bits: int, order: str) -> bytes:
    name, kind, offset, size = row
    address = BASE + offset
    return struct.pack(order + _SECTIONS[bits], name, kind, 0, address, offset, size, 0, 0, 1, 0)


def _segment(bits: int, order: str, size: int) -> bytes:
    if bits == 32:
        fields = (1, 0, BASE, BASE, size, size, _READ_WRITE, 1)
    else:
        fields = (1, _READ_WRITE, 0, BASE, BASE, size, size, 1)
    return struct.pack(order + _SEGMENTS[bits], *fields)


def _header(bits: int, order: str, sections_at: int, sections: int) -> bytes:
    ident = b"\x7fELF" + bytes([bits // 32, 1 if order == "<" else 2, 1]) + bytes(9)
    size = 16 + struct.calcsize("<" + _HEADERS[bits])
    segment, section = (struct.calcsize("<" + forms[bits]) for forms in (_SEGMENTS, _SECTIONS))
    fields = (2, 62, 1, BASE, size, sections_at, 0, size, segment, 1, section, sections)
    return ident + struct.pack(order + _HEADERS[bits], *fields, max(0, sections - 1))
