"""Compressed layers: every method, several members, and what a bomb comes to."""

import contextlib
import gzip
from collections.abc import Iterator

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from hullguard.images.streams import ByteStream, Digest, unpacked
from hullguard.model import MIB, Budget, BudgetSpent, Limits, Malformed


def chunks(data: bytes, size: int = 1000) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(0, len(data), size))


def unpack(data: bytes, size: int = 1000, limits: Limits | None = None) -> bytes:
    return b"".join(unpacked(Digest(chunks(data, size)), "layer 1", Budget(limits)))


TEXT = b"some text, " * 5000


@pytest.mark.parametrize("size", [1, 7, 1000, MIB])
def test_a_blob_is_unpacked_whatever_the_size_of_its_chunks(size: int) -> None:
    for data in (TEXT[:3000], gzip.compress(TEXT[:3000]), zstandard.compress(TEXT[:3000])):
        assert unpack(data, size) == TEXT[:3000]


def test_every_member_of_a_gzip_file_counts() -> None:
    assert unpack(gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two")) == b"one two"


def test_what_follows_the_last_gzip_member_is_no_content_but_is_hashed() -> None:
    blob = Digest(chunks(gzip.compress(TEXT) + bytes(5000)))
    assert b"".join(unpacked(blob, "", Budget())) == TEXT
    assert blob.size == len(gzip.compress(TEXT)) + 5000


def test_several_zstd_frames_and_skippable_ones_are_read() -> None:
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    frames = skippable + zstandard.compress(b"one ") + skippable + zstandard.compress(b"two")
    assert unpack(frames) == b"one two"


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_an_empty_layer_is_empty(compress: object) -> None:
    assert callable(compress)
    assert unpack(compress(b"")) == b""
    assert unpack(b"") == b""


def test_a_truncated_gzip_file_says_where_it_stops() -> None:
    with pytest.raises(Malformed, match=r"layer 1: gzip data stops after \d+\.\d MB"):
        unpack(gzip.compress(TEXT)[:-20])


def test_broken_gzip_data_says_so() -> None:
    data = bytearray(gzip.compress(bytes(range(256)) * 100))
    data[40:60] = bytes(20)
    with pytest.raises(Malformed, match="broken gzip data"):
        unpack(bytes(data))


def test_a_wrong_checksum_is_broken_data() -> None:
    data = bytearray(gzip.compress(TEXT))
    data[-6] ^= 0xFF
    with pytest.raises(Malformed, match="broken gzip data"):
        unpack(bytes(data))


def test_a_bomb_is_stopped_by_its_ratio() -> None:
    bomb = gzip.compress(bytes(40 * MIB))
    with pytest.raises(BudgetSpent, match="more than 200 times its size"):
        unpack(bomb, limits=Limits(ratio_floor=10 * MIB))


def test_a_bomb_is_stopped_by_its_bytes() -> None:
    bomb = zstandard.compress(bytes(40 * MIB))
    with pytest.raises(BudgetSpent, match="more bytes"):
        unpack(bomb, limits=Limits(bytes=10 * MIB))


@given(st.binary())
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    for head in (b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd"):
        with contextlib.suppress(Malformed):
            unpack(head + data)


@given(st.lists(st.binary(max_size=50)), st.lists(st.tuples(st.booleans(), st.integers(0, 60))))
def test_reading_and_skipping_keep_their_place(
    parts: list[bytes], steps: list[tuple[bool, int]]
) -> None:
    whole = b"".join(parts)
    stream = ByteStream(iter(parts), "")
    at = 0
    for reads, count in steps:
        if at + count > len(whole):
            return
        if reads:
            assert stream.read(count) == whole[at : at + count]
        else:
            stream.skip(count)
        at += count
