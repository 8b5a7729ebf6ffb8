"""rpm's SQLite database, `rpmdb.sqlite`: Fedora's and Red Hat's since 2020.

The table `Packages` has one row a package, its column `blob` the package header (source: rpm's
lib/backend/sqlite.c). The file comes from strangers, so SQLite reads a private copy and may do
nothing but look at that one table: a view, a computed column or pages that form a loop could
go on for ever.
"""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from hullguard.inventory.analyzer import Buffer
from hullguard.model import MIB, Budget, Gap, Malformed

MAGIC = b"SQLite format 3\0"

_LARGEST_BLOB = 256 * MIB  # rpm's own limit
_DAMAGE = (sqlite3.Error, UnicodeDecodeError)  # the latter where SQLite quotes a damaged name
_STEPS = 100_000  # instructions of SQLite's machine between two looks at the clock
_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'Packages' AND rootpage > 0"
_ROWS = "SELECT hnum, blob FROM Packages"
_READABLE = frozenset(
    {("sqlite_master", column) for column in ("type", "name", "rootpage")}
    | {("Packages", "hnum"), ("Packages", "blob")}
)


def blobs(data: Buffer, path: str, budget: Budget, wal: bytes = b"") -> Iterator[bytes | Gap]:
    """Yield each package header; `wal` is the write-ahead log found beside the file.

    What SQLite finds broken after some rows is a gap: the rows before it hold.

    Raises:
        Malformed: the file is no such database, or there is no room for a private copy.
        BudgetSpent: nothing is left.
    """
    with _opened(data, wal, path) as connection:
        size = len(data) + len(wal)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, min(_LARGEST_BLOB, max(size, MIB)))
        connection.set_progress_handler(lambda: time.monotonic() > budget.deadline, _STEPS)
        connection.set_authorizer(_authorise)
        _check_table(connection, path)
        yield from _rows(connection, path, size, budget)


@contextmanager
def _opened(data: Buffer, wal: bytes, path: str) -> Iterator[sqlite3.Connection]:
    """Open a copy that nothing else writes to; only one with a log needs more than reading."""
    try:
        scratch = tempfile.TemporaryDirectory(prefix="hullguard-")
    except OSError as error:
        raise _no_room(path, error) from error
    with scratch as folder:
        copy = Path(folder, "rpmdb.sqlite")
        try:
            with copy.open("wb") as file:
                file.writelines(data[at : at + MIB] for at in range(0, len(data), MIB))
            if wal:
                copy.with_name(copy.name + "-wal").write_bytes(wal)
        except OSError as error:
            raise _no_room(path, error) from error
        mode = "mode=rw" if wal else "mode=ro&immutable=1"
        with closing(sqlite3.connect(f"{copy.as_uri()}?{mode}", uri=True)) as connection:
            yield connection


def _no_room(path: str, error: OSError) -> Malformed:
    return Malformed(
        path,
        f"cannot be copied to a temporary folder ({error.strerror}); "
        "set TMPDIR to a folder with room for it",
    )


def _authorise(action: int, table: str | None, column: str | None, *_: object) -> int:
    """Let SQLite select from what is needed, and nothing else: no functions, no recursion."""
    if action == sqlite3.SQLITE_SELECT:
        return sqlite3.SQLITE_OK
    readable = action == sqlite3.SQLITE_READ and (table, column) in _READABLE
    return sqlite3.SQLITE_OK if readable else sqlite3.SQLITE_DENY


def _check_table(connection: sqlite3.Connection, path: str) -> None:
    """Make sure that Packages is a table with pages of its own: no view, no virtual table."""
    try:
        known = connection.execute(_TABLE).fetchone()
    except _DAMAGE as error:
        raise Malformed(path, f"is no SQLite database that can be read: {error}") from error
    if not known:
        raise Malformed(path, "holds no table of packages")


def _rows(
    connection: sqlite3.Connection, path: str, size: int, budget: Budget
) -> Iterator[bytes | Gap]:
    last, left = -1, size
    try:
        for number, blob in connection.execute(_ROWS):
            if not isinstance(blob, bytes):
                yield Gap(f"{path}, row {number}", "holds no package header")
                continue
            left -= len(blob)
            if number <= last or left < 0:
                yield Gap(path, "has pages that form a loop; packages may be missing")
                return
            last = number
            budget.spend(path, entries=1, bytes_=len(blob))
            yield blob
    except _DAMAGE as error:
        budget.spend(path)  # tells when it was the clock that stopped SQLite
        yield Gap(path, f"is a damaged SQLite database ({error}); packages may be missing")
