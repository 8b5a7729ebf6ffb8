"""Reads the body of an answer: in pieces worth handling, never more than agreed, never for ever."""

import time
from collections.abc import Callable, Iterator

import httpx2

from hullguard.model import MIB, Malformed
from hullguard.transport.redirects import netloc
from hullguard.transport.retry import Setback

CHUNK = 256 * 1024
_WINDOW = 30.0  # seconds of waiting for bytes, ...
_LEAST = 30 * 1024  # ... in which so many have to come
_LINGER = 1.0  # seconds after which a chunk is handed on though it is not full


def chunks(
    response: httpx2.Response, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[bytes]:
    """Yield the body as it was sent, in chunks of about 256 KiB.

    A slow body yields what has come about every second, so that the reader can see its own limits.
    The time that the reader takes does not count against the sender.

    Raises:
        Setback: hardly anything arrives: less than 1 KiB a second for half a minute.
        httpx2.HTTPError: as the client does.
    """
    gathered: list[bytes] = []
    size, lingered = 0, 0.0
    try:
        for seconds, piece in _timed(response, clock):
            gathered.append(piece)
            size += len(piece)
            lingered += seconds
            if size >= CHUNK or lingered >= _LINGER:
                yield b"".join(gathered)
                gathered.clear()
                size, lingered = 0, 0.0
    except (httpx2.HTTPError, Setback):
        yield b"".join(gathered)  # what has come need not come again
        raise
    if gathered:
        yield b"".join(gathered)


def whole(response: httpx2.Response, limit: int = 16 * MIB) -> bytes:
    """Return the whole body.

    Raises:
        Malformed: it is longer than `limit` bytes.
        Setback: hardly anything arrives.
    """
    gathered = bytearray()
    for chunk in chunks(response):
        gathered += chunk
        if len(gathered) > limit:
            response.close()
            raise Malformed(
                str(response.url.copy_with(query=None)), f"the answer exceeds {limit >> 20} MiB"
            )
    return bytes(gathered)


def _timed(response: httpx2.Response, clock: Callable[[], float]) -> Iterator[tuple[float, bytes]]:
    """Yield each piece with the seconds it was waited for, as long as enough of them come."""
    waited, arrived = 0.0, 0
    start = clock()
    for piece in response.iter_raw():
        seconds = clock() - start
        waited += seconds
        arrived += len(piece)
        yield seconds, piece
        if waited >= _WINDOW:
            _check_pace(response, arrived)
            waited, arrived = 0.0, 0
        start = clock()


def _check_pace(response: httpx2.Response, arrived: int) -> None:
    if arrived < _LEAST:
        response.close()
        raise Setback(
            f"{netloc(response.url)} sends hardly anything ({arrived} bytes in {_WINDOW:.0f} s)",
            "Try again later, or over a better connection.",
        )
