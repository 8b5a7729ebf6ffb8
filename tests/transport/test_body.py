"""Reading bodies: chunks, limits, pace."""

from collections.abc import Iterable, Iterator
from itertools import repeat

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Malformed
from hullguard.transport.body import CHUNK, chunks, whole
from hullguard.transport.ranges import Part, part_of, skip
from hullguard.transport.retry import Setback

REQUEST = httpx2.Request("GET", "https://registry.example/v2/")


class Clock:
    """Tells a time that passes only when somebody lets it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Tell the time in seconds."""
        return self.now

    def delayed(self, pieces: Iterable[bytes], seconds: float) -> Iterator[bytes]:
        """Let time pass before each piece."""
        for piece in pieces:
            self.now += seconds
            yield piece


def response(
    pieces: Iterable[bytes], status: int = 200, headers: dict[str, str] | None = None
) -> httpx2.Response:
    return httpx2.Response(status, content=iter(pieces), headers=headers, request=REQUEST)


@given(st.lists(st.binary(max_size=3000)))
def test_chunks_are_the_body(pieces: list[bytes]) -> None:
    assert b"".join(chunks(response(pieces))) == b"".join(pieces)


def test_small_pieces_are_gathered() -> None:
    sizes = [len(chunk) for chunk in chunks(response([b"x" * 65536] * 10))]
    assert sizes == [CHUNK, CHUNK, 2 * 65536]


def test_a_slow_body_is_handed_on_every_second() -> None:
    clock = Clock()
    body = response(clock.delayed([b"x" * 2048] * 6, 0.5))
    assert [len(chunk) for chunk in chunks(body, clock=clock)] == [4096] * 3


def test_a_body_that_hardly_moves_is_given_up_but_what_came_is_kept() -> None:
    clock = Clock()
    body = response(clock.delayed(repeat(b"x"), 0.6))
    received: list[bytes] = []
    with pytest.raises(Setback, match=r"sends hardly anything \(50 bytes in 30 s\)"):
        received.extend(chunks(body, clock=clock))
    assert len(b"".join(received)) == 50


def test_a_slow_reader_is_not_held_against_the_sender() -> None:
    clock = Clock()
    for chunk in chunks(response([b"x" * CHUNK] * 3), clock=clock):
        assert len(chunk) == CHUNK
        clock.now += 1000


def test_what_came_before_a_connection_dropped_is_not_lost() -> None:
    def dropping() -> Iterator[bytes]:
        yield b"first "
        yield b"second"
        raise httpx2.ReadError("gone")

    stream = chunks(response(dropping()))
    assert next(stream) == b"first second"
    with pytest.raises(httpx2.ReadError):
        next(stream)


def test_a_body_that_is_too_long_is_not_read_to_its_end() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += CHUNK
            yield b"x" * CHUNK

    with pytest.raises(Malformed, match="the answer exceeds 1 MiB"):
        whole(response(endless()), 1 << 20)
    assert read <= (1 << 20) + 2 * CHUNK


@pytest.mark.parametrize(
    ("status", "headers", "part"),
    [
        (200, {"Content-Length": "70"}, Part(0, 70)),
        (200, {}, Part(0, None)),
        (200, {"Content-Length": "-1"}, Part(0, None)),
        (200, {"Content-Length": "9" * 5000}, Part(0, None)),
        (200, {"Content-Range": "bytes 5-9/10", "Content-Length": "10"}, Part(0, 10)),
        (206, {"Content-Range": "bytes 5-9/10", "Content-Length": "5"}, Part(5, 10)),
        (206, {"Content-Range": "bytes 5-9/*"}, Part(5, None)),
        (206, {"Content-Range": "lines 5-9/10"}, Part(0, None)),
        (206, {"Content-Range": "bytes 5-9/" + "9" * 5000}, Part(0, None)),
    ],
)
def test_an_answer_says_which_part_it_is(status: int, headers: dict[str, str], part: Part) -> None:
    assert part_of(httpx2.Response(status, headers=headers)) == part


@given(st.lists(st.binary(max_size=9)), st.integers(-3, 40))
def test_bytes_that_are_here_already_are_skipped(pieces: list[bytes], count: int) -> None:
    assert b"".join(skip(iter(pieces), count)) == b"".join(pieces)[max(0, count) :]
