"""Builds small rpm databases byte by byte: headers, NDB, Berkeley DB in both orders, SQLite."""

import sqlite3
import struct
import zlib
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

Value = str | Sequence[str] | Sequence[int]

NAME, VERSION, RELEASE, EPOCH, ARCH, SOURCE_RPM = 1000, 1001, 1002, 1003, 1022, 1044
FOLDER_OF_FILE, BASE_NAMES, FOLDERS = 1116, 1117, 1118
BASH: dict[int, Value] = {
    NAME: "bash",
    VERSION: "5.1.8",
    RELEASE: "2.fc35",
    ARCH: "x86_64",
    SOURCE_RPM: "bash-5.1.8-2.fc35.src.rpm",
    FOLDER_OF_FILE: [0, 0, 1],
    BASE_NAMES: ["bash", "sh", "bashrc"],
    FOLDERS: ["/usr/bin/", "/etc/"],
}


def header(tags: Mapping[int, Value]) -> bytes:
    """Build a package header: strings, arrays of strings, arrays of 32-bit numbers."""
    entries, data = b"", b""
    for tag, value in tags.items():
        type_, count, packed = _packed(value)
        data += b"\0" * (-len(data) % 4) if type_ == 4 else b""
        entries += struct.pack(">iIiI", tag, type_, len(data), count)
        data += packed
    return struct.pack(">II", len(tags), len(data)) + entries + data


def _packed(value: Value) -> tuple[int, int, bytes]:
    if isinstance(value, str):
        return 6, 1, value.encode() + b"\0"
    texts = [text for text in value if isinstance(text, str)]
    if texts:
        return 8, len(texts), b"".join(text.encode() + b"\0" for text in texts)
    numbers = [number for number in value if isinstance(number, int)]
    return 4, len(numbers), struct.pack(f">{len(numbers)}I", *numbers)


def ndb(blobs: Sequence[bytes]) -> bytes:
    """Build rpm's own format with one page of slots."""
    slots, body, block = b"", b"", 4096 // 16
    for package, blob in enumerate(blobs, start=1):
        run = struct.pack("<4sIII", b"BlbS", package, 1, len(blob)) + blob
        run += b"\0" * (-(len(run) + 12) % 16)
        run += struct.pack("<II4s", zlib.adler32(run), len(blob), b"BlbE")
        slots += struct.pack("<4sIII", b"Slot", package, block, len(run) // 16)
        body, block = body + run, block + len(run) // 16
    slots += struct.pack("<4sIII", b"Slot", 0, 0, 0) * (254 - len(blobs))
    return struct.pack("<4sIIIIIII", b"RpmP", 0, 1, 1, len(blobs) + 1, 0, 0, 0) + slots + body


def bdb(blobs: Sequence[bytes], order: str = "<", size: int = 512) -> bytes:
    """Build a Berkeley DB hash: page 0, one page of pairs, and a chain of pages a value."""
    chains: list[bytes] = []
    items = [(b"\1\0\0\0\0", b"\1" + bytes(4))]  # rpm's counter, the one value on its page
    for number, blob in enumerate(blobs, start=1):
        first = 2 + len(chains)
        chains += _chain(blob, first, order, size)
        key = b"\1" + struct.pack(order + "I", number)
        items.append((key, struct.pack(order + "BxxxII", 3, first, len(blob))))
    pages = [_pairs(items, order, size), *chains]
    meta = struct.pack(order + "12xIIIBBxxxxxxI", 0x00061561, 9, size, 0, 8, len(pages))
    return meta.ljust(size, b"\0") + b"".join(pages)


def _pairs(items: Sequence[tuple[bytes, bytes]], order: str, size: int) -> bytes:
    parts = [part for pair in items for part in pair]
    offsets, end = [], size
    for part in parts:
        end -= len(part)
        offsets.append(end)
    head = _head(order).pack(1, 0, 0, len(parts), end, 0, 13)
    head += struct.pack(f"{order}{len(offsets)}H", *offsets)
    return head.ljust(end, b"\0") + b"".join(reversed(parts))


def _chain(blob: bytes, first: int, order: str, size: int) -> list[bytes]:
    room = size - 26
    parts = [blob[start : start + room] for start in range(0, len(blob), room)]
    last = first + len(parts) - 1
    pages = []
    for number, part in enumerate(parts, start=first):
        following = number + 1 if number < last else 0
        head = _head(order).pack(number, 0, following, 1, len(part), 0, 7)
        pages.append((head + part).ljust(size, b"\0"))
    return pages


def _head(order: str) -> struct.Struct:
    """Lay out the head of a page: number, the one before, the next, entries, used, level, type."""
    return struct.Struct(order + "8xIIIHHBB")


def sqlite(blobs: Sequence[bytes], folder: Path, *, logged: Sequence[bytes] = ()) -> Path:
    """Build an SQLite database; the `logged` packages stand in its write-ahead log alone."""
    path = folder / "rpmdb.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
        _insert(connection, blobs)
        if logged:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            _insert(connection, logged)
            _keep(path)
    return path


def _insert(connection: sqlite3.Connection, blobs: Sequence[bytes]) -> None:
    connection.executemany("INSERT INTO Packages (blob) VALUES (?)", [(blob,) for blob in blobs])
    connection.commit()


def _keep(path: Path) -> None:
    """Copy database and log aside while they are open: closing them would merge the two."""
    for name in (path.name, path.name + "-wal"):
        kept = path.parent / "kept" / name
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes((path.parent / name).read_bytes())
