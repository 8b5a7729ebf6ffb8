"""Progress on stderr: only on a terminal, only for work of more than a second, gone at the end."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from hullguard.cli.sentence import sentence

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID

PATIENCE = 1.0
"""Seconds of work before anything is shown."""


class Progress:
    """Shows how far work is. Usable from several threads.

    Args:
        quiet: show nothing at all.
        on_terminal: whether stderr is one; else only notes are printed.
    """

    def __init__(self, *, quiet: bool, on_terminal: bool) -> None:
        self._quiet = quiet
        self._on_terminal = on_terminal
        self._began = time.monotonic()
        self._lock = Lock()
        self._bars: Bars | None = None
        self._tasks: dict[str, TaskID] = {}

    def advance(self, key: str, description: str, done: int, total: int | None) -> None:
        """Say how many bytes of one piece of work are done; `key` tells the pieces apart."""
        if self._quiet or not self._on_terminal or time.monotonic() - self._began < PATIENCE:
            return
        with self._lock:
            if self._bars is None:
                self._bars = _bars()
                self._bars.start()
            if key not in self._tasks:
                self._tasks[key] = self._bars.add_task(description, total=total)
            self._bars.update(
                self._tasks[key], description=description, completed=done, total=total
            )

    def finish(self, key: str) -> None:
        """Take a finished piece of work off the screen."""
        with self._lock:
            if self._bars and key in self._tasks:
                self._bars.remove_task(self._tasks.pop(key))

    def note(self, text: str) -> None:
        """Print a line that stays, as a wait that a server asked for."""
        with self._lock:
            if self._quiet:
                return
            if self._bars:
                self._bars.console.print(sentence(text), markup=False, highlight=False)
            else:
                print(sentence(text), file=sys.stderr)  # noqa: T201 - a note, not a report

    def close(self) -> None:
        """Take everything off the screen, and show nothing more: threads may still be about."""
        with self._lock:
            self._quiet = True
            if self._bars:
                self._bars.stop()


def _bars() -> "Bars":
    from rich.console import Console  # noqa: PLC0415 - only where something is shown
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bars  # noqa: PLC0415

    return Bars(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        DownloadColumn(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    )


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Show progress for the length of a `with` block."""
    show = Progress(quiet=quiet, on_terminal=sys.stderr.isatty())
    try:
        yield show
    finally:
        show.close()
