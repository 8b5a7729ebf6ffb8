"""Our own walk over a tar stream: nothing is extracted, only wanted members are read.

Reads ustar, GNU long names and sparse files, base-256 numbers and PAX headers (sources: POSIX
pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar manual, "Basic Tar Format").
Where the formats leave a choice, it is made as Go's archive/tar does, with which containerd,
Docker and Podman unpack: a layer must not look different here than in the container.
"""

import posixpath
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

import msgspec

from hullguard.images.sparse import Extent, from_header, from_pax, unfolded
from hullguard.images.streams import Stream
from hullguard.images.tar_numbers import decimal, number
from hullguard.model import MIB, Budget, Malformed

BLOCK = 512
_LONGEST_HEADER = 1 * MIB  # of one PAX header or long name, as in Go
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
        pax: dict[str, str] = {}
        long: dict[str, str] = {}
        while header := self._next_header():
            size, flag = number(header[124:136], self._where), header[156:157]
            if flag == b"x":
                pax = _pax(self._metadata(size), self._where)
            elif flag == b"g":  # of the archive as a whole: nobody applies it to members
                self._metadata(size)
            elif flag in _LONG:
                long[_LONG[flag]] = _text(self._metadata(size))
            else:
                yield self._member(header, flag, size, pax | long if long else pax)
                pax, long = {}, {}
                self._leave()
        self._stream.drain()

    def content(self) -> Iterator[bytes]:
        """Yield the current member's bytes in pieces, the holes of sparse files as zeros.

        Whoever stops in between leaves the rest to be passed over.

        Raises:
            BudgetSpent: the holes are larger than what is left; nobody pays for unread ones.
        """
        pieces = self._pieces()
        return (
            self._charged(unfolded(pieces, self._extents, self._size)) if self._extents else pieces
        )

    def _charged(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._budget.spend(self._where, bytes_=len(piece))
            yield piece

    def _pieces(self) -> Iterator[bytes]:
        for piece in self._stream.pieces(self._stored):
            self._stored -= len(piece)
            yield piece

    def _next_header(self) -> bytes:
        """Return the next header; nothing at the end, which is two empty blocks or no data."""
        header = self._stream.read(BLOCK)
        if not header or (header == _EMPTY and self._ends()):
            return b""
        if len(header) < BLOCK:
            raise Malformed(self._where, "the archive stops inside a header")
        if not is_header(header):
            raise Malformed(self._where, "what should be a tar header is none")
        return header

    def _ends(self) -> bool:
        """Refuse what follows a single empty block: some readers stop there and some go on."""
        if self._stream.read(BLOCK).strip(b"\0"):
            raise Malformed(self._where, "an empty block stands between its entries")
        return True

    def _metadata(self, size: int) -> bytes:
        self._budget.spend(self._where)
        if size > _LONGEST_HEADER:
            raise Malformed(self._where, "an extended header is absurdly long")
        data = self._stream.read(size)
        if len(data) < size:
            raise Malformed(self._where, "the archive stops inside a header")
        self._stream.skip(-size % BLOCK)
        return data

    def _member(self, header: bytes, flag: bytes, size: int, pax: dict[str, str]) -> Member:
        self._budget.spend(self._where, entries=1)
        kind = _KINDS.get(flag, Kind.FILE)
        name = pax.get("path") or _name(header)
        if flag == b"\0" and name.endswith("/"):  # before ustar, this made a folder
            kind = Kind.FOLDER
        if "size" in pax:
            size = decimal(pax["size"], self._where)
        self._stored = size if kind is Kind.FILE else 0
        self._padding = -self._stored % BLOCK
        self._size, self._extents = size, ()
        if flag == b"S" or "GNU.sparse.realsize" in pax or "GNU.sparse.size" in pax:
            name = self._open_sparse(header, flag, pax) or name
        return Member(
            path=clean(name),
            kind=kind,
            size=self._size,
            mode=_mode(header[100:108], self._where),
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
        if sum(length for _, length in self._extents) > self._stored:
            raise Malformed(self._where, "a sparse file's map is longer than the file")
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

    >>> clean("./usr//bin/./env"), clean("/a/../etc/passwd"), clean("a/../../b")
    ('usr/bin/env', 'etc/passwd', '')
    """
    name = name.strip("/")
    if name.startswith(".") or "/." in name or "//" in name:
        name = posixpath.normpath(name)
        return "" if name in {".", ".."} or name.startswith("../") else name
    return name


@lru_cache(maxsize=64)  # an archive has very few of them
def _mode(field: bytes, where: str) -> int:
    return number(field, where) & 0o7777


def _name(header: bytes) -> str:
    name = header[:100].split(b"\0", 1)[0]
    if header[257:263] == b"ustar\0" and header[345]:
        name = header[345:500].split(b"\0", 1)[0] + b"/" + name
    return name.decode("utf-8", "backslashreplace")


def _link(header: bytes, kind: Kind, pax: dict[str, str]) -> str:
    if kind is Kind.SYMLINK:
        return pax.get("linkpath") or _text(header[157:257])
    if kind is Kind.HARDLINK:
        return clean(pax.get("linkpath") or _text(header[157:257]))
    return ""


def _text(data: bytes) -> str:
    r"""Decode a name; bytes that are no UTF-8 stay apart, as `\xff`, and so do their names."""
    return data.split(b"\0", 1)[0].decode("utf-8", "backslashreplace")


def is_header(block: bytes) -> bool:
    """Tell whether a block can be a header: by its magic, or its checksum in old archives."""
    return block[257:262] == b"ustar" or _sums_up(block)


def _sums_up(header: bytes) -> bool:
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
        if blank < 0 or not length.isdigit():
            raise Malformed(where, "a PAX header's record has no length")
        end = at + int(length)
        if end <= blank + 1 or data[end - 1 : end] != b"\n":
            raise Malformed(where, "a PAX header's record has a wrong length")
        key, _, value = data[blank + 1 : end - 1].partition(b"=")
        if key in (b"GNU.sparse.offset", b"GNU.sparse.numbytes"):
            sparse.append(_text(value))
        fields[_text(key)] = _text(value)
        at = end
    return fields | {"GNU.sparse.map": ",".join(sparse)} if sparse else fields
