"""Layers that were read before: shared layers and re-scans cost nothing.

One SQLite file; the key is what determines the facts: the layer's diffID and the versions of
everything that had a hand in them. A cache that cannot be used is only slower, never wrong.
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

_FORMAT = 1  # raised whenever the walk itself finds something else in the same bytes
_DAY = 86400
_KEPT_DAYS = 60
_SCHEMA = """
CREATE TABLE IF NOT EXISTS layer (
    key BLOB PRIMARY KEY, facts BLOB NOT NULL, used INTEGER NOT NULL
) WITHOUT ROWID
"""


class LayerCache:
    """Facts by layer. Usable from several threads.

    Args:
        folder: where the file lies; None for a cache that forgets everything.
    """

    def __init__(self, folder: Path | None) -> None:
        self._lock = threading.Lock()
        self._decode = msgspec.msgpack.Decoder(LayerFacts).decode
        self._db = _open(folder / "layers.db") if folder else None

    def get(self, diff_id: str, wanted: Wanted) -> LayerFacts | None:
        """Return a layer's facts if it was read before by the same analyzers."""
        with self._lock, contextlib.suppress(sqlite3.Error, msgspec.MsgspecError):
            if self._db and (row := self._db.execute(_GET, (_key(diff_id, wanted),)).fetchone()):
                return self._decode(row[0])
        return None

    def put(self, diff_id: str, wanted: Wanted, facts: LayerFacts) -> None:
        """Keep a layer's facts, if they are complete."""
        if self._db is None or not facts.complete:
            return
        row = (_key(diff_id, wanted), msgspec.msgpack.encode(facts), _today())
        with self._lock, contextlib.suppress(sqlite3.Error):
            self._db.execute("INSERT OR REPLACE INTO layer VALUES (?, ?, ?)", row)
            self._db.execute("DELETE FROM layer WHERE used < ?", (_today() - _KEPT_DAYS,))
            self._db.commit()

    def close(self) -> None:
        """Let go of the file."""
        if self._db:
            self._db.close()


_GET = "SELECT facts FROM layer WHERE key = ?"


def _today() -> int:
    return int(time.time()) // _DAY


def _key(diff_id: str, wanted: Wanted) -> bytes:
    parts = (str(_FORMAT), diff_id, wanted.where, versions(), repr(sorted(wanted.aliases.items())))
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=20).digest()


def _open(path: Path) -> sqlite3.Connection | None:
    """Open the file, making it anew if it is broken; None where there is no way to have one."""
    for _ in range(2):
        try:
            return _connected(path)
        except sqlite3.DatabaseError:
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            return None
    return None


def _connected(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=10, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.execute(_SCHEMA)
    except sqlite3.Error:
        db.close()
        raise
    return db
