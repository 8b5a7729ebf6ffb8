"""Berkeley DB's hash format, `Packages`: rpm's own until 2020.

Every number is in the byte order of the machine that wrote it. Page 0 says which; pages of type
2 and 13 hold pairs of key and value, and a value too large for its page is a chain of pages of
type 7 (source: Berkeley DB's src/dbinc/db_page.h; rpm's lib/backend/bdb_ro.c).
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from hullguard.inventory.analyzer import Buffer
from hullguard.model import Budget, Gap, GapKind, Malformed

_MAGIC = 0x00061561
_HASH = 8
_VERSIONS = range(8, 11)
_PAGE_SIZES = frozenset(1 << power for power in range(9, 17))
_PAIRS = frozenset({2, 13})
_OVERFLOW = 7
_OFF_PAGE = 3
_PAGE_HEADER = 26


class _Layout(NamedTuple):
    """How numbers are read in one byte order."""

    meta: struct.Struct  # magic, version, page size, encryption, type, last page
    page: struct.Struct  # next page, entries, bytes used, type
    value: struct.Struct  # page, length
    order: str


class _Pages(NamedTuple):
    """The pages of one file."""

    data: Buffer
    size: int  # bytes a page
    layout: _Layout


def _layout(order: str) -> _Layout:
    return _Layout(
        meta=struct.Struct(order + "12xIIIBB6xI"),
        page=struct.Struct(order + "16xIHHxB"),
        value=struct.Struct(order + "4xII"),
        order=order,
    )


_LAYOUTS = (_layout("<"), _layout(">"))


def recognise(data: Buffer) -> bool:
    """Tell whether the bytes begin like a hash database, in either byte order."""
    return _of(data) is not None


def blobs(data: Buffer, path: str, budget: Budget) -> Iterator[bytes | Gap]:
    """Yield each value that is kept off its page (package headers are), and gaps for broken ones.

    Raises:
        Malformed: the file's first page makes no sense.
        BudgetSpent: nothing is left.
    """
    layout = _of(data)
    if layout is None:
        raise Malformed(path, "is no Berkeley DB hash")
    _magic, version, size, encryption, type_, last = _meta(data, layout)
    _check(path, version, size, encryption, type_)
    if len(data) < (last + 1) * size:
        yield Gap(path, "is truncated: pages are missing at its end", GapKind.INCOMPLETE)
    pages = _Pages(data, size, layout)
    seen: set[int] = set()
    for first, length in _off_page_values(pages, path, budget):
        try:
            blob: bytes | Gap = _value(pages, first, length, seen)
        except Malformed as error:
            blob = Gap(f"{path}, {error.where}", error.why)
        budget.spend(path, entries=1, bytes_=len(blob) if isinstance(blob, bytes) else 0)
        yield blob


def _of(data: Buffer) -> _Layout | None:
    for layout in _LAYOUTS:
        if len(data) >= layout.meta.size and _meta(data, layout)[0] == _MAGIC:
            return layout
    return None


def _meta(data: Buffer, layout: _Layout) -> tuple[int, ...]:
    return layout.meta.unpack(data[: layout.meta.size])


def _check(path: str, version: int, size: int, encryption: int, type_: int) -> None:
    if version not in _VERSIONS or size not in _PAGE_SIZES or type_ != _HASH:
        raise Malformed(path, f"is a Berkeley DB of a kind rpm never wrote (version {version})")
    if encryption:
        raise Malformed(path, "is encrypted: packages cannot be read from it")


def _off_page_values(pages: _Pages, path: str, budget: Budget) -> Iterator[tuple[int, int]]:
    """Yield first page and length of each second item on the pages of pairs: the values."""
    layout, size = pages.layout, pages.size
    for start in range(size, len(pages.data) - size + 1, size):
        budget.spend(path)
        page = pages.data[start : start + size]
        _next, entries, _used, type_ = layout.page.unpack_from(page)
        if type_ not in _PAIRS:
            continue
        count = min(entries, (size - _PAGE_HEADER) // 2)
        offsets = struct.unpack_from(f"{layout.order}{count}H", page, _PAGE_HEADER)
        for offset in offsets[1::2]:
            if offset + layout.value.size <= size and page[offset] == _OFF_PAGE:
                yield layout.value.unpack_from(page, offset)


def _value(pages: _Pages, first: int, length: int, seen: set[int]) -> bytes:
    """Follow a chain of overflow pages; each page belongs to one chain only."""
    parts, left, number = [], length, first
    while left > 0:
        if number in seen or not 0 < number < len(pages.data) // pages.size:
            raise Malformed(f"page {number}", "is missing from a package header's chain of pages")
        seen.add(number)
        start = number * pages.size
        head = pages.data[start : start + pages.layout.page.size]
        following, _entries, used, type_ = pages.layout.page.unpack(head)
        if type_ != _OVERFLOW or not 0 < used <= min(left, pages.size - _PAGE_HEADER):
            raise Malformed(f"page {number}", "holds no part of a package header")
        parts.append(pages.data[start + _PAGE_HEADER : start + _PAGE_HEADER + used])
        left -= used
        number = following
    return b"".join(parts)
