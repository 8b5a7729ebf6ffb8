"""The order of Debian's versions, `[epoch:]upstream[-revision]` (source: deb-version(7)).

Text and digits alternate. Text: `~` sorts before the end of the text, which sorts before
letters, which sort before everything else; digits sort as numbers. No epoch is epoch 0, no
revision is revision 0. What is no valid version is read by the same rules as far as they go:
an epoch that is not a number belongs to the upstream version, white space around does not
count, and characters outside ASCII sort after all others.
"""

import re
from functools import lru_cache

from hullguard.advisories.versions.sortable import ZERO, number, to_bytes

_END = "\x02"  # of a text: after `~` (1), before letters (3 and on)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_OTHERS = "".join(chr(code) for code in range(127) if not chr(code).isalnum()) + "\x7f"
_ORDER = {ord(char): chr(rank) for rank, char in enumerate(_LETTERS + _OTHERS, start=3)}
_ORDER[ord("~")] = "\x01"
_DIGITS = "0123456789"
_pairs = re.compile("[^0-9]*+[0-9]++|[^0-9]++").findall
_REMEMBERED = 200  # characters; longer versions are rare, and not worth the memory


def byte_key(version: str) -> bytes:
    """Return bytes that sort as the version does; equal versions give equal bytes."""
    version = version.strip()
    pair = _remembered if len(version) <= _REMEMBERED else _pair
    epoch, rest = _split_epoch(version)
    upstream, dash, revision = rest.rpartition("-")
    if not dash:
        upstream, revision = rest, ""
    head = "".join(map(pair, _pairs(upstream or "0")))
    tail = "".join(map(pair, _pairs(revision or "0")))
    return to_bytes(f"{epoch}{head}{_END}{tail}{_END}")


key = byte_key


def _split_epoch(version: str) -> tuple[str, str]:
    epoch, colon, rest = version.partition(":")
    if colon and epoch.isascii() and epoch.isdigit():
        return number(epoch), rest
    return ZERO, version


def _pair(pair: str) -> str:
    """Encode some text and the digits after it; either may be missing."""
    text = pair.rstrip(_DIGITS)
    return text.translate(_ORDER) + _END + number(pair[len(text) :])


_remembered = lru_cache(maxsize=4096)(_pair)  # `.1`, `-1`, `+deb12` come again and again
