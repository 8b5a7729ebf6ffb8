"""The cache of layers: whatever becomes of its file, a scan is only slower."""

import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from command_line import environment
from hullguard.images.cache import LayerCache
from hullguard.images.facts import LayerFacts
from hullguard.inventory.analyzer import Where
from hullguard.inventory.facts import FileFacts
from hullguard.inventory.wanted import Wanted
from hullguard.model import Gap, GapKind, Package
from layered import LEFT, MUSL, names, read

AsNobody = Callable[[Path], AbstractContextManager[None]]
WANTED = Wanted(Where.INSTALLED)
PACKAGE = Package(type="npm", name="left\x1b\0", version="1", path="a\\xff")
FACTS = LayerFacts(
    files=(FileFacts(path="a", analyzer="node", packages=(PACKAGE,), gaps=(Gap("a", "broken"),)),),
    symlinks={"b": "c"},
    occupied=b"12345678",
    entries=3,
)
STOPPED = Gap("a", "stops", GapKind.INCOMPLETE)
A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64


def put(folder: Path, *diff_ids: str, facts: LayerFacts = FACTS) -> None:
    with closing(LayerCache(folder)) as cache:
        for diff_id in diff_ids:
            cache.put(diff_id, WANTED, facts)


def get(folder: Path, diff_id: str = A, wanted: Wanted = WANTED) -> LayerFacts | None:
    with closing(LayerCache(folder)) as cache:
        return cache.get(diff_id, wanted)


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "layers.db")) as db:
        db.execute(statement, values)
        db.commit()


def test_what_was_put_is_got_by_the_same_question_only(tmp_path: Path) -> None:
    put(tmp_path, A)
    assert get(tmp_path) == FACTS
    assert get(tmp_path, B) is None
    assert get(tmp_path, A, Wanted(Where.SOURCE)) is None
    assert get(tmp_path, A, Wanted(Where.INSTALLED, {"a": "b"})) is None


@pytest.mark.parametrize(
    "facts",
    [
        LayerFacts(gaps=(Gap("layer 1", "stops"),)),
        LayerFacts(
            files=(FileFacts(path="a", analyzer="b", gaps=(Gap("a", "b", GapKind.INCOMPLETE),)),)
        ),
        LayerFacts(symlinks={"a": "\ud800"}),
    ],
)
def test_what_is_incomplete_or_no_text_is_not_kept(tmp_path: Path, facts: LayerFacts) -> None:
    put(tmp_path, A, facts=facts)
    assert get(tmp_path) is None


@pytest.mark.parametrize("value", [b"", b"x" * 16, b"x" * 500, "text", 5, 1.5])
def test_a_row_that_holds_something_else_is_not_used(tmp_path: Path, value: object) -> None:
    put(tmp_path, A)
    change(tmp_path, "UPDATE sealed_layer SET facts = ?", value)
    assert get(tmp_path) is None


def test_a_row_of_another_layer_is_not_used(tmp_path: Path) -> None:
    put(tmp_path, A, B)
    put(tmp_path, B, facts=LayerFacts(entries=99))
    other = "(SELECT facts FROM sealed_layer ORDER BY length(facts) LIMIT 1)"
    change(tmp_path, f"UPDATE sealed_layer SET facts = {other}")  # noqa: S608 - a text of the test
    assert get(tmp_path) is None
    assert get(tmp_path, B) == LayerFacts(entries=99)


def test_a_table_of_another_shape_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "layers.db").touch()
    change(tmp_path, "CREATE TABLE sealed_layer (other TEXT)")
    put(tmp_path, A)
    assert get(tmp_path) is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 20_000), st.binary(min_size=1, max_size=40))
def test_no_damage_to_the_file_makes_it_raise_or_say_something_else(
    tmp_path: Path, at: int, damage: bytes
) -> None:
    path = tmp_path / "layers.db"
    put(tmp_path, A, B)
    whole = path.read_bytes()
    at %= len(whole)
    path.write_bytes(whole[:at] + damage + whole[at + len(damage) :])
    assert get(tmp_path) in [None, FACTS]
    put(tmp_path, A)
    path.unlink(missing_ok=True)


def test_a_cut_file_is_made_anew(tmp_path: Path) -> None:
    put(tmp_path, A)
    (tmp_path / "layers.db").write_bytes(b"SQLite format 3\0" + b"x" * 5000)
    put(tmp_path, A)
    assert get(tmp_path) == FACTS


@pytest.mark.parametrize("folder", ["/proc/hullguard", "/dev/null", "/dev/null/cache"])
def test_a_folder_that_cannot_be_is_done_without(folder: str) -> None:
    put(Path(folder), A)
    assert get(Path(folder)) is None


def test_a_folder_in_the_place_of_the_file_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "layers.db").mkdir()
    put(tmp_path, A)
    assert get(tmp_path) is None
    assert (tmp_path / "layers.db").is_dir()


def test_a_file_that_another_process_holds_is_neither_waited_for_long_nor_removed(
    tmp_path: Path,
) -> None:
    put(tmp_path, A)
    with closing(sqlite3.connect(tmp_path / "layers.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM sealed_layer")
        put(tmp_path, B, B, B, B, B, B)
        assert get(tmp_path) == FACTS
        other.rollback()
    assert (get(tmp_path), get(tmp_path, B)) == (FACTS, None)


def test_old_rows_go_when_new_ones_come(tmp_path: Path) -> None:
    put(tmp_path, A)
    change(tmp_path, "UPDATE sealed_layer SET day = day - 61")
    put(tmp_path, B)
    assert (get(tmp_path), get(tmp_path, B)) == (None, FACTS)


SCAN = """
    import resource, signal, sys
    from pathlib import Path
    sys.path.insert(0, sys.argv[2])
    from hullguard.images.cache import LayerCache
    from layered import LEFT, MUSL, gaps, names, read
    if sys.argv[3] == "full":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    cache = LayerCache(Path(sys.argv[1]))
    for _ in range(int(sys.argv[4])):
        inventory = read(MUSL, LEFT, cache=cache)
        assert names(inventory) == ["left", "musl"], inventory
        assert gaps(inventory) == [], inventory
    cache.close()
"""


def scanning(cache: Path, disk: str, times: int = 1) -> subprocess.Popen[bytes]:
    here = str(Path(__file__).parents[1])
    command = [sys.executable, "-c", textwrap.dedent(SCAN), str(cache), here, disk, str(times)]
    return subprocess.Popen(command, env=environment())


def test_a_full_disk_is_done_without(tmp_path: Path) -> None:
    with scanning(tmp_path / "cache", "full") as scan:
        assert scan.wait(30) == 0


def test_scans_in_parallel_share_one_cache(tmp_path: Path) -> None:
    scans = [scanning(tmp_path / "cache", "free", 30) for _ in range(3)]
    assert [scan.wait(60) for scan in scans] == [0, 0, 0]
    with closing(LayerCache(tmp_path / "cache")) as cache:
        assert names(read(MUSL, LEFT, blobs=[[], []], cache=cache)) == ["left", "musl"]


def test_a_folder_that_may_not_be_written_to_is_done_without(
    tmp_path: Path, as_nobody: AsNobody
) -> None:
    folder = tmp_path / "cache"
    put(folder, A)
    folder.chmod(0o555)
    (folder / "layers.db").chmod(0o444)
    with as_nobody(folder):
        put(folder, B)
        assert get(folder, B) is None
