"""JSON that decides whether an image can be read at all: taken as widely as containers take it."""

import json
from typing import TypeVar

import msgspec

from hullguard.model import Malformed

Kind = TypeVar("Kind")


def decode(data: bytes, kind: type[Kind], where: str, what: str) -> Kind:
    """Decode a document; half characters in its texts become question marks or U+FFFD.

    Go's encoding/json, with which containers are run, replaces them too: they cost no image.

    Args:
        data: the document.
        kind: what it shall be.
        where: names it in messages.
        what: what it should have been, as "image config".

    Raises:
        Malformed: it is no JSON, nested absurdly deep, or of another shape.
    """
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.ValidationError as fault:
        raise Malformed(where, f"is no {what} ({fault})") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        try:
            return msgspec.json.decode(_mended(data), type=kind)
        except (msgspec.DecodeError, ValueError, RecursionError):
            raise Malformed(where, f"is no {what} ({fault})") from None


def _mended(data: bytes) -> bytes:
    """Return the same JSON with whole characters only; raises ValueError or RecursionError."""
    value = json.loads(data.decode("utf-8", "replace"))
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
