"""The tar walk: every kind of header, and what becomes of broken ones."""

import contextlib
import io
import subprocess
import tarfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hullguard.images.streams import ByteStream
from hullguard.images.tar import Kind, TarWalk, clean
from hullguard.model import Budget, BudgetSpent, Limits, Malformed
from raw_tar import archive, entry, pax


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


def test_names_that_are_no_utf8_stay_apart() -> None:
    names = [entry(b"\xff"), entry(b"\xfe"), pax(path=b"\xfd" * 200) + entry("short")]
    assert [path for path, _, _ in walk(archive(*names))] == ["\\xff", "\\xfe", "\\xfd" * 200]


def test_a_header_for_the_whole_archive_renames_no_member() -> None:
    common = entry("pax", b"15 path=hidden\n", kind=b"g")
    assert walk(archive(common, entry("a", b"x"))) == [("a", Kind.FILE, b"x")]


def test_an_extended_header_holds_for_the_next_member_and_replaces_another() -> None:
    headers = pax(path=b"first", size=b"0") + pax(path=b"second")
    assert walk(archive(headers, entry("a", b"x"), entry("b"))) == [
        ("second", Kind.FILE, b"x"),
        ("b", Kind.FILE, b""),
    ]


def test_a_long_name_counts_before_that_of_an_extended_header() -> None:
    long = entry("././@LongLink", b"long\0", kind=b"L")
    for headers in (long + pax(path=b"other"), pax(path=b"other") + long):
        assert walk(archive(headers, entry("a"))) == [("long", Kind.FILE, b"")]


@pytest.mark.parametrize(("flag", "kind"), [(b"0", Kind.FILE), (b"\0", Kind.FOLDER)])
def test_a_slash_at_the_end_makes_a_folder_in_the_oldest_format_only(
    flag: bytes, kind: Kind
) -> None:
    assert walk(archive(entry("a/", kind=flag))) == [("a", kind, b"")]


def test_what_follows_the_end_is_not_read() -> None:
    assert walk(archive(entry("a")) + entry("b")) == [("a", Kind.FILE, b"")]


def test_an_archive_without_an_end_ends() -> None:
    assert walk(entry("a")) == [("a", Kind.FILE, b"")]
    assert walk(entry("a") + bytes(512)) == [("a", Kind.FILE, b"")]


def sparse(head: bytes, content: bytes) -> bytes:
    """Return a sparse file of PAX version 1.0 whose map begins like this."""
    records = {"GNU.sparse.major": b"1", "GNU.sparse.minor": b"0", "GNU.sparse.realsize": b"999999"}
    return archive(pax(**records) + entry("holes", head + content))


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        (b"1\n-5\n3\n", "a number that is none"),
        (b"1\n0\n9999999\n", "leaves the file"),
        (b"2\n100\n10\n50\n10\n", "leaves the file"),
        (b"1\n0\n900000\n", "is longer than the file"),
        (b"9" * 5000 + b"\n", "a number that is none"),
        (b"99999999999\n", "does not end"),
        (b"9" * 512, "does not end"),
    ],
)
def test_a_map_of_holes_that_makes_no_sense_is_refused(head: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        walk(sparse(head, bytes(-len(head) % 512)))


def test_a_map_of_holes_without_an_end_is_read_once() -> None:
    began = time.process_time()
    with pytest.raises(Malformed, match="a sparse file's map does not end"):
        walk(sparse(b"999999\n" + b"1\n" * 3_000_000, b""))
    assert time.process_time() - began < 5


def test_a_flood_of_extended_headers_does_not_pile_up() -> None:
    flood = b"".join(pax(**{f"k{number}": b"x" * 5000}) for number in range(500))
    flood += archive(entry("a"))
    tracemalloc.start()
    walk(flood)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


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
        ("usr/../etc/passwd", "etc/passwd"),
        ("..", ""),
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
