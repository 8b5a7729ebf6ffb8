"""Version orders, one module a scheme.

Every order is total: no text makes it raise, and what is no version of its scheme has a place
that its module's docstring tells. `key` gives a value that sorts as the versions sort, and is
equal for versions that are equal; `byte_key` the same as bytes, which the advisory database
stores beside a version, so that a check is one comparison of bytes.
"""

from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast


class Key(Protocol):
    """What sorts as a version does. Comparable with keys of the same scheme only; hashable."""

    def __lt__(self, other: Any, /) -> bool:  # noqa: ANN401 - a key of the same scheme
        """Tell whether this version comes before the other."""

    def __gt__(self, other: Any, /) -> bool:  # noqa: ANN401 - a key of the same scheme
        """Tell whether this version comes after the other."""

    def __hash__(self) -> int:
        """Equal versions have equal hashes."""


class _Scheme(Protocol):
    def key(self, version: str) -> Key: ...

    def byte_key(self, version: str) -> bytes: ...


_HERE = "hullguard.advisories.versions."

SCHEMES: dict[str, str] = {
    "apk": _HERE + "apk",
    "composer": _HERE + "composer",
    "dotted": _HERE + "dotted",  # CRAN, Hackage
    "dpkg": _HERE + "dpkg",
    "gem": _HERE + "gem",
    "maven": _HERE + "maven",
    "nuget": _HERE + "nuget",
    "pep440": _HERE + "pep440",
    "pub": _HERE + "pub",
    "rpm": _HERE + "rpm",
    "semver": _HERE + "semver",  # npm, crates.io, Go, Bitnami, Julia
}
"""Scheme name: the module that orders it, loaded when the first of its versions is asked for."""

BYTE_SCHEMES = frozenset({"apk", "dpkg", "rpm"})
"""The schemes that `byte_key` knows."""


def key(scheme: str, version: str) -> Key:
    """Return a value that sorts among the scheme's versions as this one does.

    Raises:
        KeyError: there is no such scheme.
    """
    return _load(scheme).key(version)


def byte_key(scheme: str, version: str) -> bytes:
    """Return bytes that sort among the scheme's versions as this one does.

    Raises:
        KeyError: there is no such scheme, or it has no byte keys (`BYTE_SCHEMES`).
    """
    if scheme not in BYTE_SCHEMES:
        raise KeyError(scheme)
    return _load(scheme).byte_key(version)


def compare(scheme: str, a: str, b: str) -> int:
    """Return -1, 0 or 1: `a` is older than, as old as, or newer than `b`.

    Raises:
        KeyError: there is no such scheme.
    """
    key_of = _load(scheme).key
    left, right = key_of(a), key_of(b)
    return (left > right) - (left < right)


@cache
def _load(scheme: str) -> _Scheme:
    return cast("_Scheme", import_module(SCHEMES[scheme]))
