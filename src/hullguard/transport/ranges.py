"""Parts of a body: which one an answer holds (source: RFC 9110, sections 8.6 and 14.4)."""

import re
from collections.abc import Iterator

import httpx2
import msgspec

_CONTENT_RANGE = re.compile(
    r"bytes\s+([0-9]{1,18})-[0-9]{1,18}/(?:([0-9]{1,18})|\*)", re.ASCII | re.IGNORECASE
)
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)


class Part(msgspec.Struct, frozen=True):
    """Where a body begins in the whole, and how long the whole is, in bytes."""

    first: int
    total: int | None  # None: the server does not tell


def part_of(response: httpx2.Response) -> Part:
    """Say which part of the whole an answer holds."""
    if response.status_code == httpx2.codes.PARTIAL_CONTENT:
        match = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        if match:
            return Part(int(match[1]), int(match[2]) if match[2] else None)
    length = response.headers.get("Content-Length", "")
    return Part(0, int(length) if _LENGTH.fullmatch(length) else None)


def skip(pieces: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield the pieces without their first `count` bytes."""
    for piece in pieces:
        if count < len(piece):
            yield piece[count:] if count > 0 else piece
        count = max(0, count - len(piece))
