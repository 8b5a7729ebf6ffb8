"""One package header as an rpm database holds it.

Big-endian always: the number of entries and the length of the data (u32 each), then 16 bytes an
entry (tag, type, offset, count), then the data. Entries after the first region override those
inside it; every offset counts from the start of the data (source: rpm's lib/header.c,
include/rpm/rpmtag.h and docs/manual/format_header.md). There is no magic here, unlike in
`.rpm` files.
"""

import struct
from collections.abc import Container

from hullguard.model import Malformed

NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
VENDOR, LICENCE, ARCH = 1011, 1014, 1022
SOURCE_RPM, MODULARITY = 1044, 5096
FOLDER_OF_FILE, BASE_NAMES, FOLDERS = 1116, 1117, 1118  # DIRINDEXES, BASENAMES, DIRNAMES
WANTED = frozenset(
    {NAME, VERSION, RELEASE, EPOCH, VENDOR, LICENCE, ARCH, SOURCE_RPM, MODULARITY}
    | {FOLDER_OF_FILE, BASE_NAMES, FOLDERS}
)

_INT32, _STRING, _STRING_ARRAY, _I18N_STRING = 4, 6, 8, 9
_TEXTS = frozenset({_STRING, _STRING_ARRAY, _I18N_STRING})
_COUNTS = struct.Struct(">II")
_ENTRY = struct.Struct(">iIiI")
_MOST_ENTRIES = 0xFFFF  # rpm's own limits: hdrchkTags, hdrchkData
_MOST_DATA = 256 << 20

Entry = tuple[int, int, int]  # type, offset, count


class Header:
    """The wanted tags of one header; a value is decoded when it is asked for.

    Args:
        blob: the header's bytes.
        wanted: the tags to keep.

    Raises:
        Malformed: the counts do not fit the bytes.
    """

    def __init__(self, blob: bytes, wanted: Container[int] = WANTED) -> None:
        if len(blob) < _COUNTS.size:
            raise Malformed("package header", "is shorter than its two counts")
        entries, length = _COUNTS.unpack_from(blob)
        start = _COUNTS.size + entries * _ENTRY.size
        if entries > _MOST_ENTRIES or length > _MOST_DATA or start + length > len(blob):
            raise Malformed("package header", "announces more than its bytes hold")
        self._data = blob[start : start + length]
        index = _ENTRY.iter_unpack(blob[_COUNTS.size : start])
        self._entries: dict[int, Entry] = {
            tag: (type_, offset, count) for tag, type_, offset, count in index if tag in wanted
        }

    def text(self, tag: int) -> str:
        """Return a string, the first one of several; empty where the tag is absent.

        Raises:
            Malformed: the value is no string or lies outside the data.
        """
        return next(iter(self.texts(tag, most=1)), "")

    def texts(self, tag: int, most: int | None = None) -> list[str]:
        """Return an array of strings, `most` of them; empty where the tag is absent.

        Raises:
            Malformed: the value is no string, lies outside the data, or has no end.
        """
        entry = self._entries.get(tag)
        if entry is None:
            return []
        type_, offset, count = entry
        if type_ not in _TEXTS:
            raise Malformed(f"tag {tag}", f"has type {type_} where a string belongs")
        count = 1 if type_ == _STRING else count if most is None else min(count, most)
        self._check(tag, offset, count)
        texts = self._data[offset:].split(b"\0", count) if count > 1 else self._first(offset)
        if len(texts) <= count:
            raise Malformed(f"tag {tag}", "holds fewer strings than it announces")
        return b"\0".join(texts[:count]).decode(errors="replace").split("\0") if count else []

    def _first(self, offset: int) -> list[bytes]:
        """Cut off one string without copying what follows it."""
        end = self._data.find(b"\0", offset)
        return [self._data[offset:end], b""] if end >= 0 else []

    def numbers(self, tag: int) -> tuple[int, ...]:
        """Return an array of 32-bit numbers; empty where the tag is absent.

        Raises:
            Malformed: the value is of another type or lies outside the data.
        """
        entry = self._entries.get(tag)
        if entry is None:
            return ()
        type_, offset, count = entry
        if type_ != _INT32:
            raise Malformed(f"tag {tag}", f"has type {type_} where numbers belong")
        self._check(tag, offset, count * 4)
        return struct.unpack_from(f">{count}I", self._data, offset)

    def _check(self, tag: int, offset: int, size: int) -> None:
        if offset < 0 or offset + size > len(self._data):
            raise Malformed(f"tag {tag}", "lies outside the header's data")
