"""Layers that unpack to too much, too slowly or not to their end, between two good ones."""

import gzip
import time
from collections.abc import Iterator

import pytest
import zstandard
from msgspec import structs

from hullguard.images.cache import LayerCache
from hullguard.images.read import read_image
from hullguard.inventory.facts import BUG_ADVICE
from hullguard.model import MIB, Budget, Gap, GapKind, Limits, Unreachable
from layered import LEFT, MUSL, between, chunks, gaps, module, names, npm, opened, read
from raw_tar import (
    END,
    archive,
    entry,
)

X = module("x")
MISSING = "Its packages may be missing"
ONE_MIB = archive(entry("a", bytes(MIB)))


def packed(blob: bytes, limits: Limits | None = None, tar: bytes = ONE_MIB) -> list[str]:
    """Read a blob that claims to hold the tar between two good layers; return the gaps."""
    blobs = [chunks(MUSL), chunks(blob), chunks(LEFT)]
    inventory = read(MUSL, tar, LEFT, blobs=blobs, limits=limits)
    assert names(inventory) == ["left", "musl"]
    return gaps(inventory)


def test_a_gzip_bomb_is_stopped_by_its_ratio() -> None:
    bomb = gzip.compress(archive(entry("a", bytes(40 * MIB))))
    why = f"unpacks to more than 200 times its size. {MISSING}"
    assert packed(bomb, Limits(ratio_floor=MIB)) == [f"layer 2: {why}"]


def test_a_bomb_takes_its_own_bytes_and_not_those_of_other_layers() -> None:
    bomb = gzip.compress(archive(entry("a", bytes(40 * MIB))))
    why = f"holds more bytes than the limit allows. {MISSING}"
    assert packed(bomb, Limits(bytes=MIB)) == [f"layer 2: {why}"]


def test_a_zstd_window_of_a_gibibyte_is_not_allocated() -> None:
    options = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=options).compressobj()
    [gap] = packed(packer.compress(ONE_MIB) + packer.flush())
    assert "Frame requires too much memory for decoding" in gap


def test_thousands_of_empty_gzip_members_are_nothing() -> None:
    [gap] = packed(gzip.compress(b"") * 20_000)
    assert "but the image names" in gap


@pytest.mark.parametrize(
    ("blob", "name"),
    [
        (b"\xfd7zXZ\x00\x00\x04" + bytes(99), "xz"),
        (b"BZh91AY&SY" + bytes(99), "bzip2"),
        (b"\x04\x22\x4d\x18" + bytes(99), "lz4"),
    ],
)
def test_what_nobody_unpacks_is_called_by_its_name(blob: bytes, name: str) -> None:
    assert packed(blob) == [f"layer 2: is compressed with {name}, which is not read. {MISSING}"]


def test_garbage_behind_a_layer_that_its_digest_speaks_of_is_no_fault() -> None:
    assert between(entry("a")) == []
    inventory = read(MUSL, archive(entry(X, npm("x"))) + b"garbage" * 5000, LEFT)
    assert (names(inventory), gaps(inventory)) == (["left", "musl", "x"], [])


def test_garbage_behind_the_compressed_bytes_does_not_count() -> None:
    blob = gzip.compress(ONE_MIB) + b"garbage" * 5000
    assert packed(blob) == []


@pytest.mark.parametrize("packer", [gzip.compress, zstandard.compress, bytes])
@pytest.mark.parametrize("part", [0, 1, 9, 10, 17, 50, 90, 99])
def test_a_layer_that_is_cut_short_anywhere_is_incomplete(packer: object, part: int) -> None:
    assert callable(packer)
    tar = archive(entry(X, npm("x")), *(entry(f"file{n}", b"%d" % n * 700) for n in range(9)))
    blob = packer(tar)
    inventory = read(
        MUSL, tar, LEFT, blobs=[chunks(MUSL), chunks(blob[: len(blob) * part // 100]), chunks(LEFT)]
    )
    assert {"left", "musl"} <= set(names(inventory))
    assert [gap.kind for gap in inventory.gaps] == [GapKind.INCOMPLETE]


def test_a_source_that_is_too_slow_ends_in_time() -> None:
    def slow() -> Iterator[bytes]:
        for chunk in chunks(ONE_MIB, 512):
            time.sleep(0.02)
            yield chunk

    began = time.monotonic()
    blobs = [chunks(MUSL), slow(), chunks(LEFT)]
    inventory = read(MUSL, ONE_MIB, LEFT, blobs=blobs, limits=Limits(seconds=0.5))
    assert time.monotonic() - began < 5
    why = f"took longer to read than the limit allows. {MISSING}"
    assert gaps(inventory) == [f"layer 2: {why}"]


def test_a_million_entries_are_stopped_at_the_limit() -> None:
    many = entry("a") * 30_000 + END
    why = f"holds more entries than the limit allows. {MISSING}"
    inventory = read(MUSL, many, LEFT, limits=Limits(entries=20_000))
    assert (names(inventory), gaps(inventory)) == (["left", "musl"], [f"layer 2: {why}"])


def test_a_million_wanted_files_are_stopped_by_the_memory_they_take() -> None:
    many = archive(*(entry(module(f"p{n}"), npm(f"p{n}")) for n in range(2000)))
    inventory = read(MUSL, LEFT, many, limits=Limits(memory=MIB))
    assert {"left", "musl"} < set(names(inventory))
    assert len(inventory.packages) < 1000
    assert f"layer 3: tells more than the limit allows to keep. {MISSING}" in gaps(inventory)


def test_thousands_of_escapes_are_told_in_part_and_counted() -> None:
    inventory = read(MUSL, archive(*(entry(f"../{n}") for n in range(3000))), LEFT)
    assert len(inventory.gaps) == 101
    assert gaps(inventory)[-1] == "layer 2: 2900 more entries were left out"


def test_thousands_of_broken_files_are_told_in_part_and_counted() -> None:
    broken = archive(*(entry(module(f"p{n}"), b"{") for n in range(1500)))
    inventory = read(MUSL, broken, LEFT)
    assert names(inventory) == ["left", "musl"]
    assert len(inventory.gaps) == 1001
    assert gaps(inventory)[-1] == "500 more files or entries could not be read"


def test_thousands_of_broken_records_are_told_in_part_and_counted() -> None:
    status = b"Package: a\nStatus: install ok installed\n\n" * 3000  # without versions
    inventory = read(MUSL, archive(entry("var/lib/dpkg/status", status)), LEFT)
    assert len(inventory.gaps) == 101
    assert gaps(inventory)[-1] == "var/lib/dpkg/status: 2900 more of its records could not be read"


def test_an_image_without_layers_is_empty_and_complete() -> None:
    inventory = read()
    assert (names(inventory), gaps(inventory)) == ([], [])


def test_ten_thousand_layers_are_read_in_seconds() -> None:
    layers = [archive(entry(module(f"p{n}"), npm(f"p{n}"))) for n in range(5000)]
    removals = [archive(entry(f"app/node_modules/.wh.p{n}")) for n in range(4990)]
    began = time.process_time()
    assert len(names(read(*layers, *removals))) == 10
    assert time.process_time() - began < 20


def test_layers_that_come_twice_are_read_once() -> None:
    read_: list[int] = []

    def blob(number: int) -> Iterator[bytes]:
        read_.append(number)
        yield MUSL

    image = opened([MUSL, MUSL, MUSL])
    inventory = read_image(structs.replace(image, blob=blob), LayerCache(None), Budget())
    assert (names(inventory), read_) == (["musl"], [0])


def test_an_error_in_one_layer_loses_no_other() -> None:
    def broken() -> Iterator[bytes]:
        yield MUSL[:100]
        raise RuntimeError("no such thing")

    inventory = read(MUSL, ONE_MIB, LEFT, blobs=[chunks(MUSL), broken(), chunks(LEFT)])
    assert names(inventory) == ["left", "musl"]
    [gap] = inventory.gaps
    why = f"reading it failed (RuntimeError: no such thing). {MISSING}"
    assert gap == Gap("layer 2", why, GapKind.INCOMPLETE, BUG_ADVICE)


def test_a_registry_that_fails_for_one_layer_loses_no_other() -> None:
    def broken() -> Iterator[bytes]:
        yield MUSL[:100]
        raise Unreachable("registry.example sent 100 of 9000 bytes.\nTry again later.")

    inventory = read(MUSL, ONE_MIB, LEFT, blobs=[chunks(MUSL), broken(), chunks(LEFT)])
    assert names(inventory) == ["left", "musl"]
    assert gaps(inventory) == [
        f"layer 2: registry.example sent 100 of 9000 bytes. {MISSING}. Try again later."
    ]
