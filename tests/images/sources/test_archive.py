"""Image archives: members by name without unpacking, whatever the archive holds."""

import contextlib
import gzip
import io
import json
import os
import resource
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from hullguard.images.cache import LayerCache
from hullguard.images.open import opened
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.images.sources.archive import Archive, open_archive, spooled
from hullguard.model import (
    Budget,
    BudgetSpent,
    HullguardError,
    Inventory,
    Limits,
    Malformed,
    Unreachable,
)
from image_builder import BuiltImage
from layered import LEFT, MUSL, gaps, names
from raw_tar import FOLDER, HARDLINK, PIPE, SYMLINK, archive, entry

IMAGE = BuiltImage([MUSL, LEFT], packer="none")
CONFIG = IMAGE.config_bytes


def no_registry(name: str, platform: str) -> OpenedImage:
    raise AssertionError(f"asked a registry for {name} {platform}")


def read(path: Path, limits: Limits | None = None) -> Inventory:
    budget = Budget(limits)
    with opened(str(path), platform="", budget=budget, open_registry=no_registry) as [image]:
        return read_image(image, LayerCache(None), budget)


def docker(*layers: str) -> bytes:
    """Return the manifest of a docker archive with these layers."""
    return entry("manifest.json", json.dumps([{"Config": "c.json", "Layers": layers}]).encode())


def written(folder: Path, *entries: bytes) -> Path:
    path = folder / "image.tar"
    path.write_bytes(archive(*entries))
    return path


def test_the_later_of_two_members_of_one_name_counts(tmp_path: Path) -> None:
    members = (
        entry("c.json", b"{}"),
        entry("c.json", CONFIG),
        entry("1.tar", b""),
        docker("1.tar", "2.tar"),
    )
    path = written(tmp_path, *members, entry("1.tar", MUSL), entry("2.tar", LEFT))
    assert names(read(path)) == ["left", "musl"]


def test_absolute_and_odd_names_are_those_of_the_archive(tmp_path: Path) -> None:
    members = entry("/c.json", CONFIG), entry("./a/../1.tar", MUSL), entry("x//2.tar", LEFT)
    assert names(read(written(tmp_path, *members, docker("1.tar", "x/2.tar")))) == ["left", "musl"]


@pytest.mark.parametrize("outside", ["../1.tar", "/etc/passwd", "../../../../etc/passwd", "no.tar"])
def test_a_layer_outside_the_archive_is_missing(tmp_path: Path, outside: str) -> None:
    path = written(
        tmp_path, entry("c.json", CONFIG), entry("2.tar", LEFT), docker(outside, "2.tar")
    )
    inventory = read(path)
    assert names(inventory) == ["left"]
    assert gaps(inventory) == ["layer 1: is missing from the archive. Its packages may be missing"]


@pytest.mark.parametrize(
    ("member", "why"),
    [
        (entry("1.tar", kind=SYMLINK, link="/etc/passwd"), "is missing from the archive"),
        (entry("1.tar", kind=SYMLINK, link="1.tar"), "its symbolic links lead in a circle"),
        (entry("1.tar", kind=HARDLINK, link="1.tar"), "its symbolic links lead in a circle"),
        (entry("1.tar", kind=PIPE), "is missing from the archive"),
        (entry("1.tar/", kind=FOLDER), "is missing from the archive"),
    ],
)
def test_a_layer_that_is_no_file_is_missing(tmp_path: Path, member: bytes, why: str) -> None:
    path = written(
        tmp_path, entry("c.json", CONFIG), member, entry("2.tar", LEFT), docker("1.tar", "2.tar")
    )
    inventory = read(path)
    assert names(inventory) == ["left"]
    assert gaps(inventory) == [f"layer 1: {why}. Its packages may be missing"]


def test_an_archive_of_very_many_files_is_no_image(tmp_path: Path) -> None:
    data = archive(*(entry(str(number)) for number in range(1000)))
    with pytest.raises(BudgetSpent, match="holds more entries than the limit allows"):
        Archive(io_file(tmp_path, data), "many.tar", Budget(Limits(entries=500)))


def io_file(folder: Path, data: bytes) -> io.BufferedReader:
    (folder / "data").write_bytes(data)
    return (folder / "data").open("rb")


@pytest.mark.parametrize("packer", [gzip.compress, zstandard.compress])
def test_what_is_no_tar_is_not_copied_to_disk(packer: object) -> None:
    assert callable(packer)
    for data in (packer(bytes(1000)), packer(b"text" * 1000), bytes(1 << 20)):
        with pytest.raises(Malformed, match="is no image archive: it is no tar file"):
            spooled(io.BytesIO(data), "standard input", Budget())


def test_a_device_is_no_archive() -> None:
    with pytest.raises(Malformed, match="/dev/zero: is no image archive: it is no tar file"):
        open_archive(Path("/dev/zero"), Budget())


def test_nothing_at_all_is_no_archive() -> None:
    with pytest.raises(Malformed, match="is empty"):
        open_archive(Path("/dev/null"), Budget())


def test_a_bomb_is_not_unpacked_to_disk() -> None:
    bomb = gzip.compress(archive(entry("a", bytes(30 << 20))))
    with pytest.raises(BudgetSpent, match="more than 200 times its size"):
        spooled(io.BytesIO(bomb), "bomb.tar.gz", Budget(Limits(ratio_floor=1 << 20)))


def test_a_disk_without_room_is_said_with_what_to_do() -> None:
    packed = gzip.compress(archive(entry("a", os.urandom(1 << 16))))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(
            Unreachable, match=r"cannot be unpacked \(File too large\)\.\nSet TMPDIR"
        ):
            spooled(io.BytesIO(packed), "image.tar.gz", Budget())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("part", [1, 10, 30, 50, 70, 90, 99])
def test_an_archive_that_is_cut_short_anywhere_is_refused(tmp_path: Path, part: int) -> None:
    layers = entry("1.tar", MUSL), entry("2.tar", LEFT)
    whole = b"".join((entry("c.json", CONFIG), *layers, docker("1.tar", "2.tar")))
    path = tmp_path / "cut.tar"
    path.write_bytes(whole[: len(whole) * part // 100])
    with pytest.raises(Malformed, match=r"cut\.tar: (the archive stops|holds neither|is no image)"):
        read(path)


def test_an_archive_that_shrinks_while_it_is_read_is_a_gap(tmp_path: Path) -> None:
    path = IMAGE.docker_archive(tmp_path / "image.tar")
    with opened(str(path), platform="", budget=Budget(), open_registry=no_registry) as [image]:
        os.truncate(path, 700)
        inventory = read_image(image, LayerCache(None), Budget())
    assert names(inventory) == []
    assert "layer 2: the archive stops inside it. Its packages may be missing" in gaps(inventory)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_no_damage_makes_it_raise_anything_but_our_errors(data: st.DataObject) -> None:
    whole = bytearray(
        archive(entry("c.json", CONFIG), docker("1.tar", "2.tar"), entry("1.tar", MUSL))
    )
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at : at + 8] = data.draw(st.binary(min_size=8, max_size=8))
    with contextlib.suppress(HullguardError):
        Archive(spooled(io.BytesIO(whole), "a.tar", Budget()), "a.tar", Budget()).close()
