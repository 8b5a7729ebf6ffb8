"""From what a user typed to an image that can be read.

An existing path wins over a reference; the prefixes `registry:`, `docker-archive:`, `oci:` and
`dir:` settle a doubt; `-` is an archive on standard input.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from hullguard.images.opened import OpenedImage
from hullguard.images.sources.archive import Archive, open_archive, spooled
from hullguard.images.sources.directory import open_directory
from hullguard.images.sources.docker_archive import open_docker_archive
from hullguard.images.sources.layout import open_layout
from hullguard.images.sources.shelf import Folder
from hullguard.model import Budget, Malformed, Misused, Unreachable

OpenRegistry = Callable[[str, str], OpenedImage]
"""Opens an image reference for a platform."""


class Target(msgspec.Struct, frozen=True):
    """What to open, and how it was told apart."""

    kind: str  # "registry", "archive", "docker-archive", "layout", "directory", "stdin"
    name: str


_PREFIXES = ("registry", "docker-archive", "oci", "dir")


def identify(text: str) -> Target:
    """Tell what a target is.

    Raises:
        Unreachable: a prefix promises a file or folder that is not there.
        Misused: the target is empty, or a prefix does not fit what is there.
    """
    prefix, colon, rest = text.partition(":")
    if colon and prefix in _PREFIXES and rest:
        return _by_prefix(prefix, rest)
    if text == "-":
        return Target("stdin", "standard input")
    if not text:
        raise Misused("the target is empty; name an image, an archive or a folder")
    if os.path.exists(text):  # noqa: PTH110 - Path.exists raises for long names
        return _by_looking(Path(text))
    if text.startswith(("/", "./", "../", "~")) or text.endswith((".tar", ".tar.gz", ".tgz")):
        raise Unreachable(f"{text}: there is no such file or folder")
    return Target("registry", text)


def _by_prefix(prefix: str, rest: str) -> Target:
    if prefix == "registry":
        return Target("registry", rest)
    path = Path(rest)
    if not os.path.exists(rest):  # noqa: PTH110 - as above
        raise Unreachable(f"{rest}: there is no such file or folder")
    if prefix == "dir":
        if not path.is_dir():
            raise Misused(f"{rest}: dir: promises a folder, and this is a file")
        return Target("directory", rest)
    if prefix == "oci" and path.is_dir():
        return Target("layout", rest)
    if path.is_dir():
        raise Misused(f"{rest}: docker-archive: promises a file, and this is a folder")
    return Target("archive" if prefix == "oci" else "docker-archive", rest)


def _by_looking(path: Path) -> Target:
    if path.is_dir():
        kind = "layout" if (path / "oci-layout").is_file() else "directory"
        return Target(kind, str(path))
    return Target("archive", str(path))


@contextmanager
def opened(
    text: str, *, platform: str, budget: Budget, open_registry: OpenRegistry
) -> Iterator[list[OpenedImage]]:
    """Open every image of a target for the length of a `with` block.

    Args:
        text: the target as typed.
        platform: `os/architecture[/variant]`; empty for this machine's.
        budget: bounds what opening may cost.
        open_registry: opens a reference; handed in, since it knows credentials and networks.

    Raises:
        Unreachable: it cannot be had at all.
        Malformed: what is there is no image.
        Misused: the target makes no sense, or there is no image for the platform.
    """
    target = identify(text)
    with _opened(target, platform, budget, open_registry) as images:
        if target.kind != "directory":
            _check_platform(images, platform)
        yield [msgspec.structs.replace(image, asked=text) for image in images]


@contextmanager
def _opened(
    target: Target, platform: str, budget: Budget, open_registry: OpenRegistry
) -> Iterator[list[OpenedImage]]:
    match target.kind:
        case "registry":
            yield [open_registry(target.name, platform)]
        case "layout":
            yield open_layout(Folder(Path(target.name)), platform)
        case "directory":
            yield [open_directory(Path(target.name))]
        case _:
            with _archive(target, platform, budget) as images:
                yield images


def _check_platform(images: list[OpenedImage], asked: str) -> None:
    """Refuse images that are not what was asked for: one alone has no index to choose from.

    Variants are left aside; many configs do not tell theirs.
    """
    for image in (one.image for one in images):
        if asked and image.platform and _machine(image.platform) != _machine(asked):
            raise Misused(f"{image.name} is an image for {image.platform}, not for {asked}")


def _machine(platform: str) -> list[str]:
    return platform.split("/")[:2]


@contextmanager
def _archive(target: Target, platform: str, budget: Budget) -> Iterator[list[OpenedImage]]:
    if target.kind == "stdin":
        archive = Archive(spooled(_standard_input(), target.name, budget), target.name, budget)
    else:
        archive = open_archive(Path(target.name), budget)
    try:
        if target.kind != "docker-archive" and "index.json" in archive:
            yield open_layout(archive, platform)
        elif "manifest.json" in archive:
            yield open_docker_archive(archive)
        else:
            why = "holds neither manifest.json nor index.json: it is no image archive"
            raise Malformed(target.name, why)
    finally:
        archive.close()


def _standard_input() -> IO[bytes]:
    if sys.stdin.isatty():
        raise Misused(
            "standard input is a terminal. Pipe an image in:\n"
            "docker save IMAGE | hullguard image scan -"
        )
    return sys.stdin.buffer
