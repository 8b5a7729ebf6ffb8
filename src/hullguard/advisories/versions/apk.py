"""The order of Alpine's versions (source: apk-tools, doc/apk-package.5, the field *version*).

`number{.number}...{letter}{_suffix{number}}...{~hash}{-r#}`. The first number sorts as a number;
a later one that begins with 0 sorts as text, before those that do not. What may follow the part
that two versions share sorts, lowest first: a pre-release suffix, the end, `-r`, `~hash`, the
number of a suffix, a suffix for what comes after a release, a letter, a further number.

What is no valid version is ordered as apk-tools 3 does, where it differs from 2: from the first
character that does not fit, all rests are equal, and below a version that ends there. So is a
number left out between dots, except that reading goes on after it. Digits after the letter,
which apk-tools 2 took, sort as a number.
"""

import re
from functools import lru_cache

from hullguard.advisories.versions.sortable import ZERO, number, to_bytes

# What comes next, in order; all below the digits, so that text needs no end of its own.
_BEFORE, _INVALID, _EMPTY, _END, _REVISION = "\x01", "\x02", "\x03", "\x04", "\x05"
_HASH, _SUFFIX_NUMBER, _AFTER, _LETTER, _NUMBER = "\x06", "\x07", "\x08", "\x09", "\x0a"

_SUFFIXES = {
    "alpha": _BEFORE + "1",
    "beta": _BEFORE + "2",
    "pre": _BEFORE + "3",
    "rc": _BEFORE + "4",
    "cvs": _AFTER + "1",
    "svn": _AFTER + "2",
    "git": _AFTER + "3",
    "hg": _AFTER + "4",
    "p": _AFTER + "5",
}
_SUFFIX = "_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)(?![a-z])[0-9]*"
_pattern = re.compile(
    r"\s*([0-9]*)((?:\.[0-9]*)*)"
    r"([a-z][0-9]*)?"
    rf"((?:{_SUFFIX})*)"
    r"(?:~([0-9a-f]+))?"
    r"(?:-r(?![a-z])([0-9]*))?"
    r"\s*(.*)",
    re.DOTALL,
)
_dotted = re.compile(r"\.([0-9]*)").findall
_suffixes = re.compile("_([a-z]+)([0-9]*)").findall
_REMEMBERED = 100  # characters; longer versions are rare, and not worth the memory


def byte_key(version: str) -> bytes:
    """Return bytes that sort as the version does; equal versions give equal bytes."""
    remember = len(version) <= _REMEMBERED
    parts = _pattern.match(version)
    assert parts  # noqa: S101 - every part of the pattern may be empty
    first, numbers, letter, suffixes, commit, revision, rest = parts.groups()
    coded = number(first)
    if numbers:
        coded += (_remembered_numbers if remember else _numbers)(numbers)
    if letter:
        coded += _LETTER + letter[0] + number(letter[1:])
    if suffixes:
        coded += _encode_suffixes(suffixes)
    if commit:
        coded += _HASH + commit
    if revision is not None:
        coded += _REVISION + number(revision)
    return to_bytes(coded + (_INVALID if rest else _END))


key = byte_key


def _numbers(dotted: str) -> str:
    """Encode the numbers after the first one: `.1.02`."""
    return "".join(map(_fraction, _dotted(dotted)))


_remembered_numbers = lru_cache(maxsize=4096)(_numbers)


def _fraction(digits: str) -> str:
    if not digits:
        return _EMPTY
    return _NUMBER + (ZERO + digits if digits[0] == "0" else number(digits))


def _encode_suffixes(suffixes: str) -> str:
    return "".join(
        _SUFFIXES[name] + (_SUFFIX_NUMBER + number(digits) if digits else "")
        for name, digits in _suffixes(suffixes)
    )
