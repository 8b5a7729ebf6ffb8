"""A folder on disk: a root file system, or a source tree whose lock files count."""

import os
from collections.abc import Iterator
from pathlib import Path

from hullguard.images.collect import IN_MEMORY, Collector, Content
from hullguard.images.facts import LayerFacts
from hullguard.images.opened import OpenedImage
from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, Gap, GapKind, Image

_ROOT_SIGNS = (
    "etc/os-release",
    "usr/lib/os-release",
    "var/lib/dpkg/status",
    "var/lib/dpkg/status.d",
    "lib/apk/db/installed",
    "usr/lib/apk/db/installed",
    "var/lib/rpm",
    "usr/lib/sysimage/rpm",
    "usr/share/rpm",
)
_KERNEL_FOLDERS = frozenset({"proc", "sys", "dev"})
_NOT_SOURCE = frozenset({".git", ".hg", ".tox", ".venv", "venv", "node_modules", "site-packages"})
_EXECUTABLE = 0o111


def open_directory(root: Path) -> OpenedImage:
    """Open a folder: a root file system if it looks like one, else a source tree."""
    installed = any(os.path.lexists(root / sign) for sign in _ROOT_SIGNS)
    where = Where.INSTALLED if installed else Where.SOURCE
    return OpenedImage(
        image=Image(name=str(root)),
        kind="directory",
        where=where,
        walk=lambda wanted, budget: walk(root, wanted, budget),
    )


def walk(root: Path, wanted: Wanted, budget: Budget) -> LayerFacts:
    """Collect a folder's facts. Links are noted, never followed; what cannot be read is a gap.

    Raises:
        BudgetSpent: the folder holds more than is allowed.
    """
    collector = Collector(wanted, budget)
    left_out = _KERNEL_FOLDERS if wanted.where is Where.INSTALLED else _NOT_SOURCE
    pending = [""]
    while pending:
        folder = pending.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError as fault:
            collector.gaps.append(_unreadable(folder, fault))
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}".lstrip("/")
            if entry.is_dir(follow_symlinks=False):
                name = path if wanted.where is Where.INSTALLED else entry.name
                if name not in left_out:
                    pending.append(path)
            else:
                _take(entry, path, collector, budget)
    return collector.finish()


def _take(entry: os.DirEntry[str], path: str, collector: Collector, budget: Budget) -> None:
    budget.spend(path, entries=1)
    told = os.fsencode(path).decode("utf-8", "replace")
    try:
        if entry.is_symlink():
            collector.symlink(
                told, os.fsencode(Path(entry.path).readlink()).decode("utf-8", "replace")
            )
        elif entry.is_file(follow_symlinks=False):
            status = entry.stat(follow_symlinks=False)
            program = bool(status.st_mode & _EXECUTABLE)
            content = _chunks(entry.path)
            collector.file(told, size=status.st_size, program=program, content=content)
    except OSError as fault:
        collector.gaps.append(_unreadable(told, fault))


def _chunks(path: str) -> Content:
    def read() -> Iterator[bytes]:
        with open(path, "rb") as file:  # noqa: PTH123 - a DirEntry's path is text
            while chunk := file.read(IN_MEMORY):
                yield chunk

    return read


def _unreadable(path: str, fault: OSError) -> Gap:
    return Gap(path or "the folder", f"cannot be read ({fault.strerror})", GapKind.UNREADABLE)
