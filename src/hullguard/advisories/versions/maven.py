"""The order of Maven's versions (source: Maven's POM reference, *Version Order Specification*).

A version is split at dots, hyphens and between digits and other characters, which counts as a
hyphen; an empty token is 0. Tokens that mean nothing (`0`, `ga`, `final`, `release`) are dropped
at the end and before each hyphen. Where two versions differ, lowest first: the known qualifiers
before a release, the end, `sp`, other qualifiers by alphabet, a number after a hyphen, a number
after a dot. A qualifier counts the same after a dot as after a hyphen, upper case as lower case.
Every text is a version.

Maven's own class differs where qualifiers stand in the middle (`1.sp.1`); it is no total order
there: `1.sp.1 < 1-alpha < 1 < 1.sp.1`.
"""

import re

from hullguard.advisories.versions.sortable import ZERO, number

_QUALIFIERS = {
    "alpha": "1",
    "beta": "2",
    "milestone": "3",
    "rc": "4",
    "cr": "4",
    "snapshot": "5",
    "ga": "6",
    "final": "6",
    "release": "6",
    "sp": "7",
}
_END = "6"  # the same as a qualifier that means nothing
_OTHER, _HYPHEN_NUMBER, _DOT_NUMBER = "8", "9", "A"
_NULLS = frozenset({_END, _HYPHEN_NUMBER + ZERO, _DOT_NUMBER + ZERO})

_SHORTHANDS = {"a": "alpha", "b": "beta", "m": "milestone"}
_shorthand = re.compile("(?<![^0-9.-])[abm](?=[0-9])").sub
_turn = re.compile("(?<=[0-9])(?=[^0-9.-])|(?<=[^0-9.-])(?=[0-9])").sub
_tokens = re.compile("([.-])([^.-]*)").findall


def key(version: str) -> tuple[str, ...]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    text = version.strip().lower()
    if not text.replace(".", "").isdecimal():
        text = _turn("-", _shorthand(lambda found: _SHORTHANDS[found[0]], text))
    kept = [_END]
    for separator, value in reversed(_tokens(f".{text}")):
        token = _token(separator, value)
        if token not in _NULLS or kept[-1].startswith(_DOT_NUMBER):
            kept.append(token)
    kept.reverse()
    return tuple(kept)


def _token(separator: str, value: str) -> str:
    if not value or (value.isascii() and value.isdigit()):
        return (_DOT_NUMBER if separator == "." else _HYPHEN_NUMBER) + number(value)
    return _QUALIFIERS.get(value) or _OTHER + value
