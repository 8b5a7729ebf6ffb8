"""A folder on disk: a root file system, or a source tree whose lock files count."""

import os
from pathlib import Path

from hullguard.images.collect import Collector
from hullguard.images.facts import LayerFacts
from hullguard.images.opened import OpenedImage
from hullguard.images.sources.disk_file import DiskFile
from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Budget, BudgetSpent, Gap, GapKind, Image

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
    """Collect a folder's facts. Links are noted, never followed; what cannot be read is a gap."""
    collector = Collector(wanted, budget, str(root))
    try:
        _walk(os.fspath(root), wanted.where, collector, budget)
    except BudgetSpent as spent:
        why = f"{spent.why}. Packages may be missing"
        collector.gaps.append(Gap(spent.where, why, GapKind.INCOMPLETE))
    return collector.finish()


def _walk(root: str, where: Where, collector: Collector, budget: Budget) -> None:
    left_out = _KERNEL_FOLDERS if where is Where.INSTALLED else _NOT_SOURCE
    pending = [""]
    while pending:
        folder = pending.pop()
        for entry in _listed(root, folder, collector, budget):
            path = f"{folder}/{entry.name}" if folder else entry.name
            try:
                if not entry.is_dir(follow_symlinks=False):
                    _take(entry, _told(path), collector)
                elif (path if where is Where.INSTALLED else entry.name) not in left_out:
                    pending.append(path)
            except FileNotFoundError:  # gone since its folder was listed
                pass
            except OSError as fault:
                collector.gaps.append(_unreadable(_told(path), fault))


def _listed(root: str, folder: str, collector: Collector, budget: Budget) -> list[os.DirEntry[str]]:
    entries = []
    try:
        with os.scandir(os.path.join(root, folder)) as listing:  # noqa: PTH118 - text is cheaper, and there are many
            for entry in listing:
                budget.spend(root, entries=1)
                entries.append(entry)
    except FileNotFoundError as gone:
        if not folder:
            collector.gaps.append(_unreadable("", gone))
    except OSError as fault:
        collector.gaps.append(_unreadable(_told(folder), fault))
    return sorted(entries, key=lambda entry: entry.name)


def _take(entry: os.DirEntry[str], told: str, collector: Collector) -> None:
    if entry.is_symlink():
        collector.symlink(told, _told(os.readlink(entry.path)))  # noqa: PTH115 - a DirEntry's path is text
    elif entry.is_file(follow_symlinks=False):
        status = entry.stat(follow_symlinks=False)
        program = bool(status.st_mode & _EXECUTABLE)
        path = entry.path
        collector.file(told, size=status.st_size, program=program, open_=lambda _: DiskFile(path))
    else:
        collector.other(told)


def _told(path: str) -> str:
    r"""Return a path as reports show it: bytes that are no UTF-8 as `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unreadable(path: str, fault: OSError) -> Gap:
    return Gap(path or "the folder", f"cannot be read ({fault.strerror})", GapKind.UNREADABLE)
