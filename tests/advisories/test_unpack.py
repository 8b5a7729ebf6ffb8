"""Compressed feeds: every method, broken and cut-off data, and bombs."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from io import BytesIO

import pytest
import zstandard

from hullguard.advisories.unpack import unpacked
from hullguard.model import MIB, Budget, BudgetSpent, Limits, Malformed

METHODS: list[Callable[[bytes], bytes]] = [
    gzip.compress,
    bz2.compress,
    lzma.compress,
    zstandard.compress,
]
TEXT = bytes(range(256)) * 100


def read(data: bytes, limits: Limits | None = None) -> bytes:
    with BytesIO(data) as packed, unpacked(packed, "feed", Budget(limits)) as stream:
        return stream.read()


@pytest.mark.parametrize("compress", METHODS)
def test_the_method_is_told_by_the_first_bytes(compress: Callable[[bytes], bytes]) -> None:
    assert read(compress(TEXT)) == TEXT


@pytest.mark.parametrize("compress", METHODS)
def test_several_parts_one_behind_the_other_are_one_content(
    compress: Callable[[bytes], bytes],
) -> None:
    assert read(compress(b"one") + compress(b"two")) == b"onetwo"


def test_what_is_not_compressed_stays_as_it_is() -> None:
    assert read(b"PK\3\4") == b"PK\3\4"
    assert read(b"") == b""


def test_the_stream_can_be_read_again() -> None:
    with BytesIO(gzip.compress(TEXT)) as packed, unpacked(packed, "feed", Budget()) as stream:
        assert stream.read(10) == TEXT[:10]
        stream.seek(0)
        assert stream.read() == TEXT


@pytest.mark.parametrize("compress", METHODS)
def test_data_that_stops_early_says_so(compress: Callable[[bytes], bytes]) -> None:
    with pytest.raises(Malformed, match=r"feed: compressed data stops early; fetch the file again"):
        read(compress(TEXT)[:-6])


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_broken_data_says_so(compress: Callable[[bytes], bytes]) -> None:
    data = compress(TEXT)
    with pytest.raises(Malformed, match="compressed data"):
        read(data[:40] + b"\xff" * 20 + data[60:])


@pytest.mark.parametrize("compress", METHODS)
def test_a_bomb_is_stopped_by_its_ratio(compress: Callable[[bytes], bytes]) -> None:
    limits = Limits(ratio_floor=MIB)
    with pytest.raises(BudgetSpent, match="unpacks to more than 200 times its size"):
        read(compress(b"\0" * 20 * MIB), limits)


@pytest.mark.parametrize("data", [TEXT, gzip.compress(TEXT)])
def test_every_byte_counts(data: bytes) -> None:
    with pytest.raises(BudgetSpent, match="more bytes than the limit allows"):
        read(data, Limits(bytes=len(TEXT) - 1))
