"""Shards: whole or not there, the same rows the same bytes, damage told."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hullguard.advisories.shard import (
    Contents,
    SourceDocument,
    match_path,
    open_shard,
    read_contents,
    telling_damage,
    write_shard,
    writing,
)
from hullguard.model import Malformed, Unreachable

CONTENTS = Contents(
    family="pypi",
    advisories=2,
    coverage=("pypi",),
    dates=("2026-01-01T00:00:00Z",),
    documents=(SourceDocument("PyPI/all.zip", "ab"),),
    gaps=("a record: has no id",),
)


def write(db: Path, rows: int = 100) -> Path:
    def fill(connection: sqlite3.Connection) -> Contents:
        connection.execute("CREATE TABLE number (n INTEGER PRIMARY KEY, text)")
        values = ((n, "x" * 100) for n in range(rows))
        connection.executemany("INSERT INTO number VALUES (?, ?)", values)
        return CONTENTS

    with writing(db):
        write_shard(match_path(db, "pypi"), fill)
    return match_path(db, "pypi")


def test_a_shard_says_what_it_holds(tmp_path: Path) -> None:
    shard = open_shard(write(tmp_path))
    assert shard
    with closing(shard):
        assert read_contents(shard) == CONTENTS
        assert shard.execute("SELECT count(*) FROM number").fetchone() == (100,)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first = write(tmp_path / "a").read_bytes()
    assert write(tmp_path / "b").read_bytes() == first
    assert write(tmp_path / "a").read_bytes() == first


def test_readers_cannot_change_a_shard(tmp_path: Path) -> None:
    shard = open_shard(write(tmp_path))
    assert shard
    with closing(shard), pytest.raises(sqlite3.OperationalError, match="readonly"):
        shard.execute("DELETE FROM number")


def test_a_shard_that_is_open_stays_as_it_was_when_a_new_one_takes_its_place(
    tmp_path: Path,
) -> None:
    shard = open_shard(write(tmp_path, rows=1))
    assert shard
    write(tmp_path, rows=2)
    with closing(shard):
        assert shard.execute("SELECT count(*) FROM number").fetchone() == (1,)


def test_a_writer_that_fails_leaves_the_old_shard_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path)
    before = path.read_bytes()

    def fail(_connection: sqlite3.Connection) -> Contents:
        raise Malformed("a file", "makes no sense")

    with writing(tmp_path), pytest.raises(Malformed):
        write_shard(path, fail)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["pypi.db"]


def test_what_a_killed_writer_left_is_cleared_away(tmp_path: Path) -> None:
    path = write(tmp_path)
    stray = path.with_name(".pypi.db.tmp")
    stray.write_bytes(b"half a shard")
    with writing(tmp_path):
        assert not stray.exists()
    assert path.exists()


_SLOW_WRITER = """
import sys, time
from pathlib import Path
from hullguard.advisories.shard import Contents, match_path, write_shard, writing

def fill(connection):
    connection.execute("CREATE TABLE number (n INTEGER PRIMARY KEY, text)")
    for n in range(10_000):
        connection.execute("INSERT INTO number VALUES (?, ?)", (n, "y" * 1000))
        if n == 5_000:
            print("half", flush=True)
    return Contents(family="pypi")

db = Path(sys.argv[1])
with writing(db):
    while True:
        write_shard(match_path(db, "pypi"), fill)
"""


@pytest.mark.parametrize("milliseconds", [0, 3, 10, 30, 70])
def test_a_writer_killed_at_any_moment_leaves_a_valid_shard(
    tmp_path: Path, milliseconds: int
) -> None:
    write(tmp_path)
    command = [sys.executable, "-c", _SLOW_WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(milliseconds / 1000)
        os.kill(writer.pid, signal.SIGKILL)
    shard = open_shard(match_path(tmp_path, "pypi"))
    assert shard
    with closing(shard):
        assert shard.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert shard.execute("SELECT count(*) FROM number").fetchone() in {(100,), (10_000,)}
    assert write(tmp_path).stat().st_size > 0  # the lock died with its holder


def test_no_shard_and_one_laid_out_otherwise_are_the_same(tmp_path: Path) -> None:
    assert open_shard(tmp_path / "none.db") is None
    path = write(tmp_path)
    with closing(sqlite3.connect(path)) as shard:
        shard.execute("PRAGMA user_version=999")
    assert open_shard(path) is None


def test_a_damaged_shard_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "cve-2021.db"
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 99)
    with pytest.raises(Malformed, match=r"cve-2021\.db: is damaged .*: hullguard db update cve$"):
        open_shard(path)


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "db").write_text("a file where the folder should be")
    with pytest.raises(Unreachable, match=r"advisory database in .* cannot be written: .*--db"):
        write(tmp_path / "db")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write(tmp_path_factory.mktemp("whole")).read_bytes()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    place=st.integers(0, 40_000),
    bytes_=st.binary(max_size=64),
    end=st.sampled_from(["whole", "cut"]),
)
def test_no_damage_makes_reading_raise_anything_else(
    tmp_path: Path, whole: bytes, place: int, bytes_: bytes, end: str
) -> None:
    place %= len(whole)
    rest = b"" if end == "cut" else whole[place + len(bytes_) :]
    path = tmp_path / "pypi.db"
    path.write_bytes(whole[:place] + bytes_ + rest)
    try:
        shard = open_shard(path)
        if shard:
            with closing(shard), telling_damage(path):
                read_contents(shard)
                list(shard.execute("SELECT * FROM number"))
    except Malformed:
        pass
