"""Streams a blob: checked, resumed where the connection drops, never kept in memory."""

import hashlib
from collections.abc import Iterator

import httpx2

from hullguard.model import Malformed
from hullguard.transport.answers import Ask
from hullguard.transport.body import chunks
from hullguard.transport.ranges import part_of, skip
from hullguard.transport.reference import fault_of_digest
from hullguard.transport.retry import Setback, Waits
from hullguard.transport.session import Session


def stream_blob(session: Session, ask: Ask, digest: str, size: int) -> Iterator[bytes]:
    """Yield the bytes of a blob; they are proven right when it ends without an error.

    Raises:
        Unreachable: it cannot be had to its end, in spite of trying again.
        Malformed: the bytes do not have this digest or size, or the digest makes no sense.
    """
    where = f"{session.where} {ask.subject}"
    if fault := fault_of_digest(digest):
        raise Malformed(where, fault)
    actual = hashlib.new(digest.partition(":")[0])
    done = 0
    waits = Waits(session.patience)
    while done < size or not size:
        try:
            for chunk in _attempt(session, ask, done, size):
                waits.achieved()
                done += len(chunk)
                if done > size:
                    raise Malformed(where, f"is longer than the {size} bytes it should have")
                actual.update(chunk)
                yield chunk
            if done < size:
                raise _cut_short(session, ask, done, size)
            break
        except Setback as setback:
            waits.pause(setback)
    if (found := f"{actual.name}:{actual.hexdigest()}") != digest:
        raise Malformed(where, f"holds other bytes than it should: their digest is {found}")


def _attempt(session: Session, ask: Ask, start: int, size: int) -> Iterator[bytes]:
    """Yield what is left from `start` on; a server that sends it all again is listened to."""
    where = f"{session.where} {ask.subject}"
    with session.get(ask, start=start) as response:
        if response.status_code == httpx2.codes.RANGE_NOT_SATISFIABLE:
            raise Malformed(where, f"ends before byte {start}, where we went on")
        part = part_of(response)
        if part.total not in {None, size}:
            raise Malformed(where, f"has {part.total} bytes, not {size} as the image says")
        yield from skip(chunks(response), start - part.first)


def _cut_short(session: Session, ask: Ask, done: int, size: int) -> Setback:
    return Setback(
        f"{session.where} sent {done} of {size} bytes of {ask.subject}",
        "Try again later; if it stays so, push the image again.",
    )
