"""Files on disk as buffers: the same as their bytes, and errors instead of signals."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hullguard.images.sources.disk_file import DiskFile
from hullguard.inventory.analyzer import File
from hullguard.inventory.facts import learn
from hullguard.inventory.table import ANALYZERS
from hullguard.inventory.wanted import reader
from hullguard.model import MIB, Budget, Gap, GapKind

GO = next(row for row in ANALYZERS if row.name == "go")


def on_disk(folder: Path, data: bytes) -> DiskFile:
    path = folder / "file"
    path.write_bytes(data)
    return DiskFile(str(path))


def test_a_small_file_is_bytes_and_a_large_one_stays_on_disk(tmp_path: Path) -> None:
    assert on_disk(tmp_path, b"\x7fELF and more").whole() == b"\x7fELF and more"
    large = on_disk(tmp_path, bytes(MIB + 1))
    assert large.whole() is large
    assert (large.beginning(), len(large)) == (bytes(4), MIB + 1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=50), st.integers(-60, 60), st.integers(-60, 60) | st.none())
def test_slices_are_those_of_the_bytes(
    tmp_path: Path, data: bytes, start: int, end: int | None
) -> None:
    assert on_disk(tmp_path, data)[start:end] == data[start:end]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 40_000), st.integers(0, 40_000), st.integers(0, 40_000))
def test_finding_is_that_of_the_bytes(tmp_path: Path, at: int, start: int, end: int) -> None:
    data = bytearray(40_000)
    data[at : at + 4] = b"mark"
    assert on_disk(tmp_path, bytes(data)).find(b"mark", start, end) == data.find(
        b"mark", start, end
    )


def test_a_byte_is_a_number(tmp_path: Path) -> None:
    file = on_disk(tmp_path, b"abc")
    assert file[1] == ord("b")
    with pytest.raises(IndexError):
        file[3]


def test_a_file_that_became_shorter_is_an_error_of_the_system(tmp_path: Path) -> None:
    file = on_disk(tmp_path, bytes(3 * MIB))
    os.truncate(tmp_path / "file", 10)
    assert file[:10] == bytes(10)
    for read in (lambda: file[:11], lambda: file[MIB], lambda: file.find(b"mark")):
        with pytest.raises(OSError, match="became shorter while it was read"):
            read()


def test_a_program_that_became_shorter_is_a_gap(tmp_path: Path) -> None:
    file = on_disk(tmp_path, b"\x7fELF\x02\x01\x01" + bytes(57) + b"\xff" * 2 * MIB)
    os.truncate(tmp_path / "file", 10)
    facts = learn(GO, reader(GO), File(path="usr/bin/go", data=file), Budget())
    why = "cannot be read (it became shorter while it was read)"
    assert facts.gaps == (Gap("usr/bin/go", why, GapKind.INCOMPLETE),)


@pytest.mark.parametrize("what", ["/dev/zero", "/proc", "pipe"])
def test_what_is_no_file_is_refused_at_once(tmp_path: Path, what: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="it is a folder, a device or a pipe"):
        DiskFile(str(tmp_path / what))


def test_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(OSError, match="Too many levels of symbolic links"):
        DiskFile(str(tmp_path / "link"))


def test_a_file_that_nobody_holds_is_closed(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        on_disk(tmp_path, b"x")
    assert len(list(Path("/proc/self/fd").iterdir())) == before
