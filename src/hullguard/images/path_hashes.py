"""Eight bytes for a path: what a layer remembers of the many that nobody wants.

A path that only looks like a wanted one would have to be found among 2**64, and could then do no
more than hide what the same layer could as well have removed.
"""

import sys
from array import array
from collections.abc import Iterable, Mapping
from hashlib import blake2b


def path_hash(path: str) -> bytes:
    """Return the 8 bytes that stand for a path."""
    return blake2b(path.encode(errors="backslashreplace"), digest_size=8).digest()


def numbered(paths: Iterable[str]) -> dict[int, str]:
    """Return the paths by the numbers that their hashes are on this machine."""
    return {int.from_bytes(path_hash(path), sys.byteorder): path for path in paths}


def among(known: Mapping[int, str], hashes: bytes) -> list[str]:
    """Return those of the numbered paths whose hashes are in a row of hashes."""
    return [known[found] for found in filter(known.__contains__, array("Q", hashes))]
