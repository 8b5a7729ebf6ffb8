"""Which families and years are here whole, so that only news about them is worth fetching."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from hullguard.advisories.plan import RATINGS
from hullguard.advisories.shard import (
    Contents,
    details_path,
    match_path,
    open_shard,
    ratings_shard,
    read_contents,
    telling_damage,
)
from hullguard.model import Malformed

_YEAR = re.compile(rf"{RATINGS}-\d{{4}}", re.ASCII)
_WITHOUT_DETAILS = frozenset({"epss", "kev"})


def family_contents(db: Path, family: str) -> Contents | None:
    """Return what a family's shard says of itself; None if a shard of it lacks or is damaged."""
    if family not in _WITHOUT_DETAILS and _sound(details_path(db, family)) is None:
        return None
    return _sound(match_path(db, family))


def has_year(db: Path, year: int) -> bool:
    """Tell whether a year's ratings are here, and all of them."""
    contents = _sound(match_path(db, ratings_shard(year)))
    return contents is not None and str(year) in contents.coverage


def families_here(db: Path) -> tuple[str, ...]:
    """Return the families with shards, by name; whether these can be read is not looked at."""
    stems = {path.stem for path in (db / "match").glob("[!.]*.db")}
    return tuple(sorted({RATINGS if _YEAR.fullmatch(stem) else stem for stem in stems}))


def years_here(db: Path) -> tuple[int, ...]:
    """Return the years with ratings, newest first."""
    found = (path.stem.removeprefix("cve-") for path in (db / "match").glob("cve-*.db"))
    return tuple(sorted((int(year) for year in found if year.isdecimal()), reverse=True))


def _sound(path: Path) -> Contents | None:
    """Read every page: who asks for an update because of damage must not be told "unchanged"."""
    try:
        connection = open_shard(path)
        if connection is None:
            return None
        with closing(connection), telling_damage(path):
            [[verdict]] = connection.execute("PRAGMA quick_check(1)")
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            return read_contents(connection)
    except Malformed:
        return None
