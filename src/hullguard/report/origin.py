"""What brought a package into an image, in the words of the Dockerfile that made it."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from hullguard.model import OS_TYPES, Image, Package

BASE = "base image"
_LONGEST = 2_000  # characters of a history line that are looked at

_NOP = re.compile(r"^/bin/sh -c #\(nop\)\s+")
_SHELL = re.compile(r"^(?:RUN )?(?:--\S+ )*(?:\|\d+ .*?)?/(?:usr/)?bin/(?:ba|da)?sh -c ")
_OPTIONS = re.compile(r"^set -[a-z]+(?: -?o pipefail)?\s*(?:;|&&)\s*")
_HASH = re.compile(r"^((?:ADD|COPY) (?:--\S+ )*)(?:file|dir|multi):[0-9a-f]{64} in ")


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """Where a package comes from; all empty where nobody can tell (a directory has no layers)."""

    line: str = ""  # the shortened history line, or `base image`
    layer: int = 0  # counted from 1; 0: unknown
    path: str = ""  # the file that told of it; not for the system's packages: one tells of all


def origins(image: Image, packages: tuple[Package, ...]) -> tuple[Origin, ...]:
    """Return where the packages come from, lowest layer first, each line and layer once."""
    numbers = {layer.diff_id: number for number, layer in enumerate(image.layers, start=1)}
    base = base_layers(image)
    found: dict[tuple[str, int], Origin] = {}
    for package in packages:
        number = numbers.get(package.layer, 0)
        line = BASE if 0 < number <= base else shorten(package.created_by)
        path = "" if package.type in OS_TYPES else package.path
        found.setdefault((line, number), Origin(line=line, layer=number, path=path))
    return tuple(sorted(found.values(), key=lambda origin: (origin.layer, origin.line)))


def base_layers(image: Image) -> int:
    """Return how many of the first layers came with the base image.

    Nothing in an image says so; the history hints at it: a `CMD` that a later layer follows
    ended the Dockerfile of the image this one was built from. Without such a `CMD` only a first
    layer counts that was not copied or run into place.
    """
    count = ended = base = 0
    for line, empty in _history(image):
        if empty and _instruction(line).startswith("CMD"):
            ended = count
        elif not empty:
            count += 1
            base = ended or base
    if base:
        return min(base, len(image.layers))
    return int(any(_is_root(layer.created_by) for layer in image.layers[:1]))


def shorten(created_by: str) -> str:
    """Return the heart of a history line: `RUN /bin/sh -c npm ci # buildkit` is `npm ci`.

    The builders' wrapping goes, and with it the values of build arguments (`|1 TOKEN=... /bin/sh
    -c`), which may be secrets.
    """
    line = _SHELL.sub("", _instruction(created_by))
    return _HASH.sub(r"\1", _OPTIONS.sub("", line)).removeprefix("RUN ")


def _instruction(created_by: str) -> str:
    line = " ".join(created_by[:_LONGEST].split())
    return _NOP.sub("", line).removesuffix("# buildkit").strip()


def _is_root(created_by: str) -> bool:
    words = _instruction(created_by)
    return not words or words.startswith("ADD ") or "rootfs" in words


def _history(image: Image) -> Iterator[tuple[str, bool]]:
    """Yield each history line and whether it made no layer (source: OCI image spec, config.md)."""
    entries: Any = image.raw_config.get("history")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield str(entry.get("created_by", "")), entry.get("empty_layer") is True
