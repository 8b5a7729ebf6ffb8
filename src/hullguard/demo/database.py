"""The demo's advisory database, built as any other from the upstream formats that ship."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from pathlib import Path

from hullguard import __version__
from hullguard.advisories.build import build
from hullguard.advisories.dates import instant_of
from hullguard.advisories.fetched import Fetched, write_fetched
from hullguard.advisories.shard import SCHEMA, writing
from hullguard.demo.sample import Sample
from hullguard.model import Malformed, Unreachable

_STAMP = "stamp"


@contextmanager
def database(shipped: Sample, cache: Path) -> Iterator[Path]:
    """Give the advisories as a database, kept for the next time where that can be done.

    Raises:
        Malformed: what ships is damaged.
    """
    if kept := _kept(shipped, cache / "demo" / "db"):
        yield kept
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield _built(shipped, Path(scratch) / "db")


def _kept(shipped: Sample, home: Path) -> Path | None:
    """Return the database in the cache, built if need be; None if the cache cannot be written.

    It takes its place when it is complete, so that a killed run leaves no half of a database.
    """
    stamp = _stamp(shipped)
    if _is_of(home, stamp):
        return home
    with suppress(OSError, Unreachable):
        home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
            made = _built(shipped, Path(scratch) / "db")
            (made / _STAMP).write_text(stamp)
            with suppress(FileNotFoundError):
                home.rename(Path(scratch) / "old")
            made.rename(home)
    return home if _is_of(home, stamp) else None


def _is_of(home: Path, stamp: str) -> bool:
    try:
        return (home / _STAMP).read_text() == stamp
    except (OSError, UnicodeDecodeError):
        return False


def _built(shipped: Sample, db: Path) -> Path:
    """Build the database, and note the day for which it holds as if it had been fetched then."""
    result = build([shipped.advisories], db)
    for gap in result.gaps:
        raise Malformed(gap.where, f"{gap.why}. Install hullguard anew")
    with writing(db):
        for state in result.families:
            write_fetched(db, Fetched(family=state.family, at=instant_of(shipped.date)))
    return db


def _stamp(shipped: Sample) -> str:
    """Return what changes whenever the database would."""
    stamp = blake2b(f"{__version__} {SCHEMA} {shipped.date}".encode(), digest_size=8)
    for path in sorted(shipped.advisories.rglob("*.*")):
        stamp.update(path.name.encode() + path.read_bytes())
    return stamp.hexdigest()
