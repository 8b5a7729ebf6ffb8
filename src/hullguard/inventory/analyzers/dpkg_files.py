"""Which files a Debian package brought: dpkg's `info/NAME.list`, and distroless' `NAME.md5sums`.

A list has one absolute path a line, folders included; its name is `NAME.list`, or
`NAME:ARCH.list` where several architectures can be installed side by side (source: dpkg's
lib/dpkg/db-fsys-files.c). Distroless images keep no lists, but a file `status.d/NAME.md5sums`
with lines of a digest, two blanks and a path (source: deb-md5sums(5)).
"""

from collections.abc import Iterable, Iterator

from hullguard.inventory.analyzer import File, Owns
from hullguard.model import Budget


def read(file: File, budget: Budget) -> Iterator[Owns]:
    """Yield the one list of paths that the file is.

    Raises:
        BudgetSpent: nothing is left.
    """
    stem, _, ending = file.name.rpartition(".")
    name, _, arch = stem.partition(":")
    lines = file.data[:].decode(errors="replace").split("\n")
    budget.spend(file.path, entries=len(lines), bytes_=len(file.data))
    paths = _digested(lines) if ending == "md5sums" else lines
    yield Owns(name, arch, tuple(_relative(paths)))


def _digested(lines: Iterable[str]) -> Iterator[str]:
    return (line.partition("  ")[2] for line in lines)


def _relative(paths: Iterable[str]) -> Iterator[str]:
    """Drop the leading slash or `./`, and with it the root itself, `/.`."""
    for path in paths:
        relative = path.removeprefix("./").lstrip("/")
        if relative not in {"", "."}:
            yield relative
