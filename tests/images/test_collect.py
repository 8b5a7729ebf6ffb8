"""What a walk collects: which entry counts, what is opened, and what that may cost."""

import resource

import pytest

from hullguard.images.collect import Collector
from hullguard.images.content import Opener, Streamed
from hullguard.images.facts import LayerFacts
from hullguard.images.path_hashes import among, numbered
from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import MIB, Budget, BudgetSpent, Gap, GapKind, Limits
from layered import module, npm

X = module("x")
RPM = "var/lib/rpm/rpmdb.sqlite"


def collector(limits: Limits | None = None, where: Where = Where.INSTALLED) -> Collector:
    return Collector(Wanted(where), Budget(limits), "layer 1")


def streamed(*pieces: bytes) -> Opener:
    return lambda size: Streamed(iter(pieces), size)


def put(collector: Collector, path: str, data: bytes, *, program: bool = False) -> None:
    collector.file(path, size=len(data), program=program, open_=streamed(data))


def told(facts: LayerFacts) -> list[str]:
    return [package.name for file in facts.files for package in file.packages]


def test_the_later_of_two_files_of_one_path_counts() -> None:
    walk = collector()
    put(walk, X, npm("first"))
    put(walk, X, npm("second"))
    assert told(walk.finish()) == ["second"]


@pytest.mark.parametrize("kind", ["folder", "symlink", "hardlink", "other"])
def test_what_comes_later_takes_the_place_of_a_file(kind: str) -> None:
    walk = collector()
    put(walk, X, npm("x"))
    getattr(walk, kind)(X, *(["elsewhere"] if "link" in kind else []))
    assert told(walk.finish()) == []


def test_a_file_takes_the_place_of_a_link() -> None:
    walk = collector()
    walk.symlink("a", "b")
    walk.hardlink("c", "d")
    put(walk, "a", b"")
    put(walk, "c", b"")
    facts = walk.finish()
    assert (facts.symlinks, facts.hardlinks) == ({}, {})


def never(_size: int) -> Streamed:
    raise AssertionError("nobody may open this")


def test_what_nobody_wants_is_not_opened() -> None:
    walk = collector()
    walk.file("usr/share/doc/a", size=10, program=False, open_=never)
    walk.file("places.sqlite-wal", size=10, program=False, open_=never)
    walk.file("bin/tiny", size=3, program=True, open_=never)
    assert walk.finish().entries == 3


@pytest.mark.parametrize("cut", [1, 2, 3, 4, 5])
def test_a_program_is_known_however_its_first_bytes_come(cut: int) -> None:
    data = b"\x7fELF\x02\x01\x01" + bytes(57)
    data = data[:40] + (1 << 40).to_bytes(8, "little") + data[48:]  # sections beyond the end
    walk = collector()
    walk.file("bin/a", size=64, program=True, open_=streamed(data[:cut], data[cut:]))
    [facts, *_] = walk.finish().files
    assert "is a program that is cut short" in facts.gaps[0].why


def test_paths_are_remembered_by_their_hashes() -> None:
    walk = collector()
    walk.folder("usr")
    put(walk, "usr/a", b"")
    walk.symlink("b", "usr")
    facts = walk.finish()
    known = numbered(["usr", "usr/a", "b", "c"])
    assert among(known, facts.occupied) == ["usr/a", "b"]
    assert among(known, facts.folders) == ["usr"]


def test_half_a_character_in_a_path_has_a_hash_too() -> None:
    assert among(numbered(["\ud800"]), b"") == []


def test_a_log_beside_a_database_is_read_with_it_in_any_order() -> None:
    for first, second in ((RPM, f"{RPM}-wal"), (f"{RPM}-wal", RPM)):
        walk = collector()
        put(walk, first, b"x")
        put(walk, second, b"x")
        assert walk.finish().gaps == ()


def test_a_log_without_its_database_is_a_gap() -> None:
    walk = collector()
    put(walk, f"{RPM}-wal", b"changes")
    why = "holds changes to a database of a lower layer, which were not read"
    assert walk.finish().gaps == (Gap(f"{RPM}-wal", why, GapKind.INCOMPLETE),)


def test_a_log_of_a_gibibyte_is_not_held_in_memory() -> None:
    walk = collector()
    walk.file(f"{RPM}-wal", size=1 << 30, program=False, open_=never)
    [facts] = walk.finish().files
    why = "is larger than 64 MiB, the most that is read of such a file"
    assert facts.gaps == (Gap(f"{RPM}-wal", why, GapKind.INCOMPLETE),)


def test_a_disk_without_room_for_a_large_file_is_a_gap_of_that_file() -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        walk = collector()
        put(walk, "app.jar", b"x" * 2 * MIB)
        put(walk, X, npm("x"))
        facts = walk.finish()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told(facts) == ["x"]
    advice = "Set TMPDIR to a folder that has room for it"
    gap = Gap("app.jar", "cannot be read (File too large)", advice=advice)
    assert [gap for file in facts.files for gap in file.gaps] == [gap]


@pytest.mark.parametrize("kind", ["symlink", "hardlink", "whiteout"])
def test_links_and_markers_take_memory(kind: str) -> None:
    walk = collector(Limits(memory=1000))
    with pytest.raises(BudgetSpent, match="tells more than the limit allows to keep"):
        fill(walk, kind)


def fill(walk: Collector, kind: str) -> None:
    for number in range(10):
        getattr(walk, kind)(f"a/.wh.{number}", *(["b"] if "link" in kind else []))


def test_a_layer_is_complete_only_if_its_files_were_read_to_their_ends() -> None:
    broken, spent = collector(), collector(Limits(memory=1200))
    put(broken, X, b"{")
    put(spent, X, npm("x"))
    assert broken.finish().complete
    assert not spent.finish().complete
