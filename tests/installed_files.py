"""Runs an analyzer of installed languages over bytes and tells what it makes of them."""

from collections.abc import Callable, Iterator
from contextlib import suppress

from hullguard.inventory.analyzer import Buffer, File, Found
from hullguard.model import Budget, Gap, Malformed, Package

Read = Callable[[File, Budget], Iterator[Found | Gap]]


def outcomes(
    read: Read, data: Buffer | str, path: str, *, budget: Budget | None = None
) -> list[Found | Gap]:
    """Return all that the analyzer yields for this content."""
    content = data.encode() if isinstance(data, str) else data
    return list(read(File(path=path, data=content), budget or Budget()))


def packages(read: Read, data: Buffer | str, path: str) -> list[Package]:
    """Return the packages, in order; there must be no gaps."""
    found = outcomes(read, data, path)
    assert [str(each) for each in found if isinstance(each, Gap)] == []
    return [each.package for each in found if isinstance(each, Found)]


def versions(read: Read, data: Buffer | str, path: str) -> list[tuple[str, str]]:
    """Return name and version of every package, in order; there must be no gaps."""
    return [(package.name, package.version) for package in packages(read, data, path)]


def gaps(read: Read, data: Buffer | str, path: str) -> list[str]:
    """Return the sentences of the gaps."""
    return [str(each) for each in outcomes(read, data, path) if isinstance(each, Gap)]


def survive(read: Read, data: bytes, path: str) -> None:
    """Read whatever there is; nothing but `Malformed` may come of it."""
    with suppress(Malformed):
        outcomes(read, data, path)
