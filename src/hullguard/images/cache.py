"""Layers that were read before: shared layers and re-scans cost nothing.

One SQLite file; the key is what determines the facts: the layer's diffID and the versions of
everything that had a hand in them. A cache that cannot be used is only slower, never wrong: each
row is sealed by a digest, and the first write that fails is the last.
"""

import contextlib
import hashlib
import sqlite3
import threading
import time
from pathlib import Path

import msgspec

from hullguard.images.facts import LayerFacts
from hullguard.inventory.wanted import Wanted, versions

_FORMAT = 2  # raised whenever the walk itself finds something else in the same bytes
_DAY = 86400
_KEPT_DAYS = 60
_PATIENCE = 2  # seconds for another process that is writing
_SEAL = 16  # bytes
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sealed_layer (
    key BLOB PRIMARY KEY, day INTEGER NOT NULL, facts BLOB NOT NULL
) WITHOUT ROWID
"""
_GET = "SELECT facts, day FROM sealed_layer WHERE key = ?"
_TOUCH = "UPDATE sealed_layer SET day = ? WHERE key = ?"
_PUT = "INSERT OR REPLACE INTO sealed_layer VALUES (?, ?, ?)"
_FORGET = "DELETE FROM sealed_layer WHERE day < ?"
_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class LayerCache:
    """Facts by layer. Usable from several threads, and by several processes at once.

    Args:
        folder: where the file lies; None for a cache that forgets everything.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._decode = msgspec.msgpack.Decoder(LayerFacts).decode
        self._db = _open(folder / "layers.db") if folder else None
        self._writes = True

    def get(self, diff_id: str, wanted: Wanted) -> LayerFacts | None:
        """Return a layer's facts if it was read before by the same analyzers."""
        key = _key(diff_id, wanted)
        with self._lock, contextlib.suppress(sqlite3.Error):
            if self._db and (row := self._db.execute(_GET, (key,)).fetchone()):
                self._touch(key, row[1])
                return self._unsealed(key, row[0])
        return None

    def put(self, diff_id: str, wanted: Wanted, facts: LayerFacts) -> None:
        """Keep a layer's facts, if they are complete."""
        if self._db is None or not self._writes or not facts.complete:
            return
        key = _key(diff_id, wanted)
        with self._lock:
            try:
                data = msgspec.msgpack.encode(facts)
                self._db.execute(_FORGET, (_today() - _KEPT_DAYS,))
                self._db.execute(_PUT, (key, _today(), _seal(key, data) + data))
                self._db.commit()
            except (sqlite3.Error, UnicodeError):  # no room, no permission, half a character
                self._writes = False
                with contextlib.suppress(sqlite3.Error):
                    self._db.rollback()

    def _touch(self, key: bytes, day: int) -> None:
        """Note, once a day, that a layer is still asked for."""
        if self._db and self._writes and day < _today():
            with contextlib.suppress(sqlite3.Error):
                self._db.execute(_TOUCH, (_today(), key))
                self._db.commit()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._db:
                self._db.close()

    def _unsealed(self, key: bytes, stored: object) -> LayerFacts | None:
        if not isinstance(stored, bytes) or _seal(key, stored[_SEAL:]) != stored[:_SEAL]:
            return None
        with contextlib.suppress(msgspec.MsgspecError):
            return self._decode(stored[_SEAL:])
        return None


def _seal(key: bytes, data: bytes) -> bytes:
    return hashlib.blake2b(data, key=key, digest_size=_SEAL).digest()


def _today() -> int:
    return int(time.time()) // _DAY


def _key(diff_id: str, wanted: Wanted) -> bytes:
    parts = (str(_FORMAT), diff_id, wanted.where, versions(), repr(sorted(wanted.aliases.items())))
    text = "\0".join(parts).encode(errors="backslashreplace")
    return hashlib.blake2b(text, digest_size=20).digest()


def _open(path: Path) -> sqlite3.Connection | None:
    """Open the file, making it anew if it is damaged; None where there is no way to have one."""
    for _ in range(2):
        try:
            return _connected(path)
        except sqlite3.Error as fault:
            if getattr(fault, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE:  # busy, say
                return None
            _discard(path)
        except OSError:
            return None
    return None


def _connected(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(_SCHEMA)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _discard(path: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + ending).unlink()
