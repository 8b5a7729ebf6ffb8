"""The order of RPM's versions, `[epoch:]version[-release]`.

Source: rpm-version(7) and RPM's documentation of its version comparison. A version is a row of
segments of digits or of ASCII letters; every other character only separates. `~` sorts before
the end of the row, `^` after the end but before any segment, letters before numbers. No epoch is
epoch 0, and an epoch that is not a number belongs to the version. A missing release sorts before
every release; where a dependency or an advisory names none, RPM leaves releases out of the
comparison altogether, which no key can express: `compare` does.
"""

import re
from functools import lru_cache

from hullguard.advisories.versions.sortable import ZERO, number, to_bytes

_MARKS = {"~": "\x01", "^": "\x03"}
_END = "\x02"
_LETTERS, _NUMBER = "\x04", "\x05"  # below the letters that follow, so that `a.b` < `ab`
_is_epoch = re.compile("[0-9]*").fullmatch
_segments = re.compile("[0-9]++|[A-Za-z]++|[~^]").findall
_REMEMBERED = 200  # characters; longer versions are rare, and not worth the memory


def byte_key(version: str) -> bytes:
    """Return bytes that sort as the whole version does; equal versions give equal bytes."""
    return _encode(*split_evr(version))


key = byte_key


def compare(a: str, b: str) -> int:
    """Return -1, 0 or 1; releases count only if both versions have one, as in dependencies."""
    epoch_a, version_a, release_a = split_evr(a)
    epoch_b, version_b, release_b = split_evr(b)
    if release_a is None or release_b is None:
        release_a = release_b = None
    left = _encode(epoch_a, version_a, release_a)
    right = _encode(epoch_b, version_b, release_b)
    return (left > right) - (left < right)


def split_evr(version: str) -> tuple[str, str, str | None]:
    """Split into epoch (`""` where there is none), version and release (None where none)."""
    epoch, colon, rest = version.partition(":")
    if not colon or not _is_epoch(epoch):
        epoch, rest = "", version
    head, dash, release = rest.rpartition("-")
    return (epoch, head, release) if dash else (epoch, rest, None)


def _encode(epoch: str, version: str, release: str | None) -> bytes:
    coded = (number(epoch) if epoch else ZERO) + _row(version)
    return to_bytes(coded if release is None else coded + _row(release))


def _row(text: str) -> str:
    segment = _remembered if len(text) <= _REMEMBERED else _segment
    return "".join(map(segment, _segments(text))) + _END


def _segment(segment: str) -> str:
    if segment in _MARKS:
        return _MARKS[segment]
    return _NUMBER + number(segment) if segment.isdigit() else _LETTERS + segment


_remembered = lru_cache(maxsize=4096)(_segment)  # `1`, `el9`, `git` come again and again
