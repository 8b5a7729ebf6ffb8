"""Our own walk over a tar stream: nothing is extracted, only wanted members are read.

Reads ustar, GNU long names and sparse files, base-256 numbers and PAX headers (sources: POSIX
pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format").
"""

from collections.abc import Iterator
from enum import Enum, auto

import msgspec

from hullguard.images.sparse import Extent, from_header, from_pax, unfolded
from hullguard.images.streams import Stream
from hullguard.model import MIB, Budget, Malformed

BLOCK = 512
_LONGEST_HEADER = 8 * MIB  # of one PAX header or long name
_EMPTY = bytes(BLOCK)


class Kind(Enum):
    """What a member is."""

    FILE = auto()
    FOLDER = auto()
    SYMLINK = auto()
    HARDLINK = auto()
    OTHER = auto()  # devices, pipes


class Member(msgspec.Struct, frozen=True):
    """One member. `path` is clean: no leading slash or dot, no `..` (else it is empty)."""

    path: str
    kind: Kind
    size: int  # bytes of content, holes included
    mode: int
    link: str  # a symlink's target as written; a hard link's as a clean path
    name: str  # the path as written


class TarWalk:
    """Iterates over the members; `content` reads the current one's bytes, if asked in time."""

    def __init__(self, stream: Stream, where: str, budget: Budget) -> None:
        self._stream = stream
        self._where = where
        self._budget = budget
        self._stored = 0  # content bytes of the current member not yet read
        self._padding = 0
        self._extents: tuple[Extent, ...] = ()
        self._size = 0

    def __iter__(self) -> Iterator[Member]:
        """Yield the members in order.

        Raises:
            Malformed: a header makes no sense, or the stream ends inside a member.
            BudgetSpent: there are too many members.
        """
        common: dict[str, str] = {}
        own: dict[str, str] = {}
        while header := self._next_header():
            size, flag = _number(header, 124, 136, self._where), header[156:157]
            if flag == b"g":
                common |= _pax(self._metadata(size), self._where)
            elif flag == b"x":
                own |= _pax(self._metadata(size), self._where)
            elif flag in _LONG:
                own[_LONG[flag]] = _text(self._metadata(size))
            else:
                yield self._member(header, flag, size, common | own if common else own)
                own = {}
                self._leave()
        self._stream.drain()

    def content(self) -> Iterator[bytes]:
        """Yield the current member's bytes in pieces, the holes of sparse files as zeros.

        Whoever stops in between leaves the rest to be passed over.
        """
        pieces = self._pieces()
        return unfolded(pieces, self._extents, self._size) if self._extents else pieces

    def _pieces(self) -> Iterator[bytes]:
        for piece in self._stream.pieces(self._stored):
            self._stored -= len(piece)
            yield piece

    def _next_header(self) -> bytes:
        """Return the next header; nothing at the end, which is an empty block or no data."""
        header = self._stream.read(BLOCK)
        if header == _EMPTY or not header:
            return b""
        if len(header) < BLOCK:
            raise Malformed(self._where, "the archive stops inside a header")
        if header[257:262] != b"ustar" and not _sums_up(header):
            raise Malformed(self._where, "what should be a tar header is none")
        return header

    def _metadata(self, size: int) -> bytes:
        if size > _LONGEST_HEADER:
            raise Malformed(self._where, "an extended header is absurdly long")
        data = self._stream.read(size)
        self._stream.skip(-size % BLOCK)
        return data

    def _member(self, header: bytes, flag: bytes, size: int, pax: dict[str, str]) -> Member:
        self._budget.spend(self._where, entries=1)
        kind = _KINDS.get(flag, Kind.FILE)
        name = pax.get("path") or _name(header)
        if kind is Kind.FILE and name.endswith("/"):  # before ustar, this made a folder
            kind = Kind.FOLDER
        if "size" in pax:
            size = _decimal(pax["size"], self._where)
        self._stored = size if kind is Kind.FILE else 0
        self._padding = -self._stored % BLOCK
        self._size, self._extents = size, ()
        if flag == b"S" or "GNU.sparse.realsize" in pax or "GNU.sparse.size" in pax:
            name = self._open_sparse(header, flag, pax) or name
        return Member(
            path=clean(name),
            kind=kind,
            size=self._size,
            mode=_number(header, 100, 108, self._where) & 0o7777,
            link=_link(header, kind, pax),
            name=name,
        )

    def _open_sparse(self, header: bytes, flag: bytes, pax: dict[str, str]) -> str:
        """Learn where a sparse file's bytes belong; return its real name if it has another."""
        if flag == b"S":
            self._size, self._extents = from_header(header, self._stream, self._where)
        else:
            self._size, self._extents, used = from_pax(pax, self._stream, self._where)
            self._stored -= used
        if self._stored < 0:
            raise Malformed(self._where, "a sparse file's map is longer than the file")
        self._budget.spend(self._where, bytes_=max(0, self._size - self._stored))
        return pax.get("GNU.sparse.name", "")

    def _leave(self) -> None:
        self._stream.skip(self._stored + self._padding)


_LONG = {b"L": "path", b"K": "linkpath"}
_KINDS = {
    b"1": Kind.HARDLINK,
    b"2": Kind.SYMLINK,
    b"3": Kind.OTHER,
    b"4": Kind.OTHER,
    b"5": Kind.FOLDER,
    b"6": Kind.OTHER,
}


def clean(name: str) -> str:
    """Return a path relative to the image's root; empty where it would leave the root.

    >>> clean("./usr//bin/./env"), clean("/etc/passwd"), clean("a/../../b")
    ('usr/bin/env', 'etc/passwd', '')
    """
    name = name.strip("/")
    if name.startswith(".") or "/." in name or "//" in name:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        return "" if ".." in parts else "/".join(parts)
    return name


def _name(header: bytes) -> str:
    name = header[:100].split(b"\0", 1)[0]
    if header[257:263] == b"ustar\0" and header[345]:
        name = header[345:500].split(b"\0", 1)[0] + b"/" + name
    return name.decode("utf-8", "replace")


def _link(header: bytes, kind: Kind, pax: dict[str, str]) -> str:
    if kind is Kind.SYMLINK:
        return pax.get("linkpath") or _text(header[157:257])
    if kind is Kind.HARDLINK:
        return clean(pax.get("linkpath") or _text(header[157:257]))
    return ""


def _text(data: bytes) -> str:
    return data.split(b"\0", 1)[0].decode("utf-8", "replace")


def _number(header: bytes, start: int, end: int, where: str) -> int:
    """Read a number field: octal digits, or base 256 when the first bit is set."""
    field = header[start:end]
    if field[0] & 0x80:
        value = int.from_bytes(field, "big") & ~(0x80 << 8 * (len(field) - 1))
        if field[0] & 0x40 or value >= 1 << 62:
            raise Malformed(where, "a tar header states an impossible size")
        return value
    try:
        return int(field.split(b"\0", 1)[0].strip() or b"0", 8)
    except ValueError:
        raise Malformed(where, "a tar header holds a number that is none") from None


def _decimal(text: str, where: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:  # noqa: PLR2004 - fits 62 bits
        raise Malformed(where, "a PAX header states an impossible size")
    return int(text)


def _sums_up(header: bytes) -> bool:
    """Check the checksum, which old archives without a magic have too."""
    try:
        stated = int(header[148:156].split(b"\0", 1)[0].strip() or b"0", 8)
    except ValueError:
        return False
    return stated == sum(header) - sum(header[148:156]) + 8 * ord(" ")


def _pax(data: bytes, where: str) -> dict[str, str]:
    """Read the records `LENGTH KEY=VALUE` and a line end; the length counts all of it."""
    fields: dict[str, str] = {}
    sparse: list[str] = []  # format 0.0 repeats its two keys for each extent
    at = 0
    while at < len(data) and data[at]:
        blank = data.find(b" ", at, at + 20)
        length = data[at:blank]
        if blank < 0 or not length.isdigit() or int(length) <= len(length) + 1:
            raise Malformed(where, "a PAX header's record has no length")
        key, _, value = data[blank + 1 : at + int(length) - 1].partition(b"=")
        text = value.decode("utf-8", "replace").split("\0", 1)[0]
        if key in (b"GNU.sparse.offset", b"GNU.sparse.numbytes"):
            sparse.append(text)
        fields[key.decode("utf-8", "replace")] = text
        at += int(length)
    return fields | {"GNU.sparse.map": ",".join(sparse)} if sparse else fields
