"""JSON of strangers: typed decoding that fails in one way, and huge arrays piece by piece."""

import re
from collections.abc import Iterator
from typing import BinaryIO, TypeVar

import msgspec

from hullguard.model import Budget, Malformed

_T = TypeVar("_T")
_PIECE = 1 << 20
_LARGEST = 32 << 20

_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)|[{}\[\]:]', re.DOTALL)
_DEEPER = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}


def decoded(decoder: "msgspec.json.Decoder[_T]", data: bytes | msgspec.Raw, where: str) -> _T:
    """Decode one JSON text.

    Raises:
        Malformed: it is no JSON, too deep, or not of the decoder's type.
    """
    try:
        return decoder.decode(data)
    except RecursionError:
        raise Malformed(where, "is nested too deep") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Malformed(where, f"cannot be understood: {error}") from None


def keys_in(head: bytes) -> frozenset[bytes]:
    """Return the top-level keys of an object that stand in a file's first bytes.

    Empty where it starts otherwise; a file cut off in the middle is fine.
    """
    if not head.lstrip().startswith(b"{"):
        return frozenset()
    keys, depth, last = set(), 0, b""
    for match in _TOKEN.finditer(head):
        token = match[0]
        if token == b":" and depth == 1:
            keys.add(last[1:-1])
        depth += _DEEPER.get(token, 0)
        last = token
    return frozenset(keys)


def pages(
    stream: BinaryIO, array: str, first_key: str, where: str, budget: Budget
) -> Iterator[bytes]:
    """Cut a document with one huge array into documents of one record each, and the rest.

    The document is an object, `array` the key of its last member, an array whose objects all
    begin with `first_key`, as none inside them does. The first page is what stands before the
    array's first object, the last one may hold what follows the array. An unescaped `{"KEY"`
    stands nowhere but at the start of an object, since a quote inside a string is escaped.

    Raises:
        Malformed: one record is absurdly large.
        BudgetSpent: reading took too long.
    """
    start = re.compile(rb'\{\s*"' + re.escape(first_key.encode()) + rb'"\s*:')
    before, pending, first = b"", b"", True
    while piece := stream.read(_PIECE):
        budget.spend(where)
        pending += piece
        cut = 0
        for match in start.finditer(pending, 0 if first else 1):
            yield before + pending[cut : match.start()].rstrip(b", \r\n\t") + b"]}"
            before, first, cut = b'{"' + array.encode() + b'":[', False, match.start()
        pending = pending[cut:]
        if len(pending) > _LARGEST:
            raise Malformed(where, f"one record has more than {_LARGEST >> 20} MB")
    yield before + pending
