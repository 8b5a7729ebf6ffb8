"""The tar walk: every kind of header, and what becomes of broken ones."""

import contextlib
import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hullguard.images.streams import ByteStream
from hullguard.images.tar import Kind, TarWalk, clean
from hullguard.model import Budget, BudgetSpent, Limits, Malformed


def pieces(data: bytes, size: int = 700) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def walk(data: bytes, budget: Budget | None = None) -> list[tuple[str, Kind, bytes]]:
    tar = TarWalk(ByteStream(pieces(data), "layer 1"), "layer 1", budget or Budget())
    return [
        (member.path, member.kind, b"".join(tar.content()) if member.kind is Kind.FILE else b"")
        for member in tar
    ]


def written(format_: int, *members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format_) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


LONG = "folder/" * 40 + "file"


@pytest.mark.parametrize("format_", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_of_any_length_are_read(format_: int) -> None:
    data = written(format_, (LONG, b"content"), ("short", b""))
    assert walk(data) == [(LONG, Kind.FILE, b"content"), ("short", Kind.FILE, b"")]


def test_a_ustar_name_is_joined_with_its_prefix() -> None:
    name = "p" * 80 + "/" + "n" * 60
    assert walk(written(tarfile.USTAR_FORMAT, (name, b"x"))) == [(name, Kind.FILE, b"x")]


def test_names_that_are_no_utf8_do_not_stop_the_walk() -> None:
    data = bytearray(written(tarfile.USTAR_FORMAT, ("caf-.txt", b"x")))
    data[3:4] = b"\xe9"
    assert walk(bytes(data)) == [("caf\\xe9.txt", Kind.FILE, b"x")]


def test_content_that_nobody_reads_is_passed_over() -> None:
    data = written(tarfile.PAX_FORMAT, ("a", b"x" * 5000), ("b", b"y"))
    tar = TarWalk(ByteStream(pieces(data), ""), "", Budget())
    assert [member.path for member in tar] == ["a", "b"]


def test_content_that_is_read_in_part_is_passed_over_too() -> None:
    data = written(tarfile.PAX_FORMAT, ("a", b"x" * 5000), ("b", b"y"))
    tar = TarWalk(ByteStream(pieces(data), ""), "", Budget())
    assert [(member.path, next(tar.content())[:1]) for member in tar] == [("a", b"x"), ("b", b"y")]


@pytest.mark.parametrize(
    "version",
    ["--format=gnu", "--sparse-version=0.0", "--sparse-version=0.1", "--sparse-version=1.0"],
)
def test_sparse_files_are_read_with_their_holes(tmp_path: Path, version: str) -> None:
    holed = tmp_path / "holed"
    with holed.open("wb") as file:
        for at in (0, 100_000, 350_000, 900_000, 1_500_000, 2_000_000):
            file.seek(at)
            file.write(b"data at %d" % at)
        file.truncate(3_000_000)
    options = [version] if "gnu" in version else ["--format=pax", version]
    subprocess.run(
        ["tar", "--sparse", *options, "-cf", "out.tar", "holed"], cwd=tmp_path, check=True
    )
    data = (tmp_path / "out.tar").read_bytes()
    assert len(data) < 200_000
    [(name, _, content)] = walk(data)
    assert (name, content == holed.read_bytes()) == ("holed", True)


def test_numbers_beyond_octal_are_read_in_base_256() -> None:
    data = bytearray(written(tarfile.GNU_FORMAT, ("a", b"x" * 300)))
    data[124:136] = b"\x80" + (300).to_bytes(11, "big")
    assert walk(bytes(data)) == [("a", Kind.FILE, b"x" * 300)]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("./usr//bin/./env", "usr/bin/env"),
        ("/etc/passwd", "etc/passwd"),
        ("./", ""),
        ("../etc/passwd", ""),
        ("usr/../../etc/passwd", ""),
        ("..data/x", "..data/x"),
        (".hidden", ".hidden"),
    ],
)
def test_a_path_is_clean_or_empty(name: str, path: str) -> None:
    assert clean(name) == path


def test_a_member_that_would_leave_the_image_has_no_path() -> None:
    assert walk(written(tarfile.PAX_FORMAT, ("../../etc/passwd", b"x")))[0][0] == ""


def test_an_archive_that_stops_inside_a_file_says_so() -> None:
    data = written(tarfile.PAX_FORMAT, ("a", b"x" * 5000))[:3000]
    with pytest.raises(Malformed, match="the archive stops after"):
        walk(data)


def test_data_that_is_no_tar_says_so() -> None:
    with pytest.raises(Malformed, match="what should be a tar header is none"):
        walk(b"\x7fELF" + bytes(range(256)) * 8)


def test_too_many_members_end_the_walk() -> None:
    data = written(tarfile.USTAR_FORMAT, *((str(number), b"") for number in range(20)))
    with pytest.raises(BudgetSpent, match="more entries"):
        walk(data, Budget(Limits(entries=10)))


def test_a_sparse_giant_is_stopped_by_its_real_size(tmp_path: Path) -> None:
    with (tmp_path / "giant").open("wb") as file:
        file.truncate(1 << 40)
    subprocess.run(["tar", "--sparse", "-cf", "out.tar", "giant"], cwd=tmp_path, check=True)
    with pytest.raises(BudgetSpent, match="more bytes"):
        walk((tmp_path / "out.tar").read_bytes())


@settings(max_examples=200)
@given(st.binary(max_size=3000))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    with contextlib.suppress(Malformed):
        walk(data)


@settings(max_examples=300)
@given(st.data())
def test_no_damaged_header_makes_it_raise_anything_else(data: st.DataObject) -> None:
    whole = bytearray(written(tarfile.PAX_FORMAT, (LONG, b"content"), ("b", b"x" * 700)))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + 4] = data.draw(st.binary(min_size=4, max_size=4))
    with contextlib.suppress(Malformed):
        walk(bytes(whole), Budget(Limits(bytes=1 << 24)))
