"""Which analyzers want a file: the table turned into look-ups, since every path is asked about."""

import importlib
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from pathlib import PurePosixPath

from hullguard.inventory.analyzer import Analyzer, Read, Where
from hullguard.inventory.table import ANALYZERS


class Wanted:
    """Answers for every path which analyzers want it.

    Args:
        where: the kind of target.
        aliases: files and folders outside the table that a link in the image makes stand for
            one in it: `{"opt/rpm": "var/lib/rpm"}`.
    """

    def __init__(self, where: Where, aliases: dict[str, str] | None = None) -> None:
        rows = [row for row in ANALYZERS if row.where in (where, Where.ANYWHERE)]
        self.where = where
        self.aliases = aliases or {}
        self.programs = tuple(row for row in rows if row.programs)
        self._by_path = _index((path, row) for row in rows for path in row.paths)
        self._by_folder = _index((folder, row) for row in rows for folder in row.folders)
        self._by_name = _index((name, row) for row in rows for name in _sure_names(row))
        self._by_ending = _index(
            (_last_dot(end), row) for row in rows for end in _free_endings(row)
        )
        self._beside = frozenset(name for row in rows for name in row.siblings)
        self._companions = tuple({ending for row in rows for ending in row.companions})

    def places(self, settled: Collection[str] = ()) -> Iterator[str]:
        """Yield the files and folders that are wanted at one fixed place only.

        Args:
            settled: names of analyzers that need no further file.
        """
        for place, rows in (*self._by_path.items(), *self._by_folder.items()):
            if any(row.name not in settled for row in rows):
                yield place

    def covers(self, path: str) -> bool:
        """Tell whether a path is wanted without any alias, or lies in a folder that is."""
        if self._by_own_name(path):
            return True
        return any(path == place or path.startswith(place + "/") for place in self.places())

    def by_path(self, path: str) -> tuple[Analyzer, ...]:
        """Return the analyzers that want this path by its name alone, usually none."""
        rows = self._by_own_name(path)
        if self.aliases and not rows:
            return self._by_own_name(self._alias(path))
        return rows

    def _by_own_name(self, path: str) -> tuple[Analyzer, ...]:
        folder, _, name = path.rpartition("/")
        rows = self._by_name.get(name, ()) + self._by_ending.get(_last_dot(name), ())
        if rows:
            rows = tuple(row for row in rows if _fits(row, path, name))
        rows += self._by_path.get(path, ())
        for row in self._by_folder.get(folder, ()):
            if name.endswith(row.endings):
                rows += (row,)
        return rows

    def wants(self, analyzer: str, path: str) -> bool:
        """Tell whether an analyzer wants the path by its name, or for being a program."""
        return any(row.name == analyzer for row in (*self.by_path(path), *self.programs))

    def seen_as(self, path: str) -> str:
        """Return the path under which an analyzer knows this one, usually itself."""
        if not self.aliases or self._by_own_name(path):
            return path
        return self._alias(path)

    def _alias(self, path: str) -> str:
        """Put what a link stands for in place of the path or of the folder that it is in."""
        rest = len(path)
        while rest > 0:
            if (known := self.aliases.get(path[:rest])) is not None:
                return known + path[rest:]
            rest = path.rfind("/", 0, rest)
        if "" in self.aliases and "/" not in path:  # a link to the root: what is directly in it
            return f"{self.aliases['']}/{path}"
        return path

    def beside(self, path: str) -> bool:
        """Tell whether an analyzer may want this file beside another one."""
        if self._beside and path.rpartition("/")[2] in self._beside:
            return True
        return path.endswith(self._companions) and any(
            path.endswith(end) and self.by_path(path.removesuffix(end)) for end in self._companions
        )


def reader(analyzer: Analyzer) -> Read:
    """Import the analyzer's module and return its `read`."""
    return _reader(analyzer.module)


@cache
def _reader(module: str) -> Read:
    read: Read = importlib.import_module(module).read
    return read


@lru_cache(1)
def _installed() -> Wanted:
    return Wanted(Where.INSTALLED)


def might_hold_packages(path: str) -> bool:
    """Tell whether an analyzer of installed packages might want this path.

    Programs are wanted for their content, so every name that could be one counts.
    """
    name = path.rpartition("/")[2]
    if "." not in name or ".so" in name:
        return not path.startswith(_NO_PROGRAMS)
    return bool(_installed().by_path(path))


_NO_PROGRAMS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "usr/share/zoneinfo", "etc/")


def versions() -> str:
    """Return a text that changes whenever any analyzer's output does: a part of the cache key."""
    return " ".join(f"{row.name}={row.version}" for row in ANALYZERS)


def _index(pairs: Iterable[tuple[str, Analyzer]]) -> dict[str, tuple[Analyzer, ...]]:
    index: dict[str, tuple[Analyzer, ...]] = {}
    for key, row in pairs:
        if row not in index.get(key, ()):
            index[key] = (*index.get(key, ()), row)
    return index


def _sure_names(row: Analyzer) -> Iterable[str]:
    """Base names that the row wants, those at the end of a suffix such as `x/METADATA` too."""
    return (*row.names, *(end.rpartition("/")[2] for end in row.suffixes if "/" in end))


def _free_endings(row: Analyzer) -> Iterable[str]:
    """Endings of base names that the row does not want by their whole name."""
    return (*(end for end in row.suffixes if "/" not in end), *row.patterns)


def _fits(row: Analyzer, path: str, name: str) -> bool:
    if row.within and not any(part in path for part in row.within):
        return False
    if name in row.names or path.endswith(row.suffixes):
        return True
    return any(PurePosixPath(path).match(pattern) for pattern in row.patterns)


def _last_dot(name: str) -> str:
    at = name.rfind(".")
    return name[at:] if at >= 0 else ""
