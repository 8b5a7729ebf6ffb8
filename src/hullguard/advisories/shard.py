"""One file of the database: written whole or not at all, and read without a lock.

A shard is an SQLite file that never changes once it has its name, so readers map it into memory
and need no locks, and the same rows always give the same bytes.
"""

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import msgspec

from hullguard.model import Malformed, Unreachable

SCHEMA = 1
"""Raised whenever shards are laid out differently; others are as good as absent."""

_PAGE_SIZE = 8192
_MAPPED = 1 << 30
_TEMPORARY = ".tmp"


class SourceDocument(msgspec.Struct, frozen=True):
    """An upstream file that a shard was built from."""

    name: str
    sha256: str


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a shard says of itself."""

    family: str
    advisories: int = 0
    packages: int = 0
    coverage: tuple[str, ...] = ()  # ecosystems
    dates: tuple[str, ...] = ()  # candidates for the age of the data: `dates.newest`
    documents: tuple[SourceDocument, ...] = ()
    gaps: tuple[str, ...] = ()  # what could not be read when it was built


Fill = Callable[[sqlite3.Connection], Contents]
"""Creates a shard's tables, inserts its rows in the order of their keys, and tells of them."""


def match_path(db: Path, shard: str) -> Path:
    """Return where the shard lies that verdicts come from."""
    return db / "match" / f"{shard}.db"


def details_path(db: Path, family: str) -> Path:
    """Return where the shard lies that texts come from."""
    return db / "details" / f"{family}.db"


def ratings_shard(year: int) -> str:
    """Return the name of the shard with a year's ratings."""
    return f"cve-{year}"


@contextmanager
def writing(db: Path) -> Iterator[None]:
    """Keep every other writer out, and clear away what a killed one left behind.

    Raises:
        Unreachable: the database's folder cannot be written.
    """
    with ExitStack() as held:
        with _telling_what_to_do(db):
            for folder in ("match", "details", "fetched"):
                (db / folder).mkdir(parents=True, exist_ok=True)
            fcntl.flock(held.enter_context((db / ".lock").open("a")), fcntl.LOCK_EX)
            for stray in db.glob(f"*/.*{_TEMPORARY}"):
                stray.unlink()
        yield


def write_shard(path: Path, fill: Fill) -> Contents:
    """Write a shard beside its place and move it there; until then the old one stays valid.

    Raises:
        Unreachable: there is no room, or no right to write.
    """
    written: list[Contents] = []

    def write(temporary: Path) -> None:
        with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
            connection.executescript(
                f"PRAGMA page_size={_PAGE_SIZE}; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                f"PRAGMA user_version={SCHEMA}; BEGIN; CREATE TABLE contents (value TEXT NOT NULL)"
            )
            written.append(fill(connection))
            text = msgspec.json.encode(written[0]).decode()
            connection.execute("INSERT INTO contents VALUES (?)", (text,))
            connection.execute("COMMIT")

    replace_file(path, write)
    return written[0]


def replace_file(path: Path, write: Callable[[Path], None]) -> None:
    """Let a file be written under another name and give it its own when it is safe on disk.

    Raises:
        Unreachable: there is no room, or no right to write.
    """
    temporary = path.with_name(f".{path.name}{_TEMPORARY}")
    with _telling_what_to_do(path.parent.parent):
        try:
            write(temporary)
            _flush(temporary)
            temporary.replace(path)
            _flush(path.parent)
        finally:
            temporary.unlink(missing_ok=True)


def open_shard(path: Path) -> sqlite3.Connection | None:
    """Open a shard for reading; None if there is none, or only one laid out otherwise.

    Raises:
        Malformed: the file is damaged.
    """
    if not path.exists():
        return None
    address = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
    with telling_damage(path):
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        try:
            connection.execute(f"PRAGMA mmap_size={_MAPPED}")
            [[schema]] = connection.execute("PRAGMA user_version")
        except BaseException:
            connection.close()
            raise
    if schema == SCHEMA:
        return connection
    connection.close()
    return None


def read_contents(connection: sqlite3.Connection) -> Contents:
    """Return what a shard says of itself; call it within `telling_damage`."""
    [[text]] = connection.execute("SELECT value FROM contents")
    return msgspec.json.decode(text, type=Contents)


@contextmanager
def telling_damage(path: Path) -> Iterator[None]:
    """Turn what reading a damaged shard raises into an error that says what to do about it.

    Raises:
        Malformed: the shard is damaged.
    """
    try:
        yield
    except (sqlite3.Error, msgspec.MsgspecError, TypeError, ValueError) as error:
        family = "cve" if path.stem.startswith("cve-") else path.stem
        raise Malformed(
            str(path), f"is damaged ({error}). Fetch it anew: hullguard db update {family}"
        ) from error


@contextmanager
def _telling_what_to_do(db: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise Unreachable(
            f"The advisory database in {db} cannot be written: {error}. "
            "Make room there, or choose another folder with --db."
        ) from error


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
