"""Runs `hullguard` as people do: a process of its own, with what it printed and its exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

import hullguard

_SECONDS = 60.0
_SOURCES = Path(hullguard.__file__).parents[1]


class Done(msgspec.Struct, frozen=True):
    """A run that has ended."""

    code: int
    out: bytes
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON that it printed, and nothing else."""
        value: dict[str, Any] = json.loads(self.out)
        return value

    @property
    def report(self) -> dict[str, Any]:
        """The one report in it."""
        [report] = self.document["reports"]
        found: dict[str, Any] = report
        return found


def hullguard_process(*arguments: str | Path) -> Sequence[str]:
    """Return the command that runs `hullguard` from this checkout."""
    return [sys.executable, "-P", "-m", "hullguard", *map(str, arguments)]


def environment(**variables: str) -> dict[str, str]:
    """Return the test's environment with further variables, in which the checkout is found."""
    return {**os.environ, "PYTHONPATH": str(_SOURCES), **variables}


def run_hullguard(*arguments: str | Path, stdin: bytes | Path = b"", **variables: str) -> Done:
    """Run `hullguard`; a path as `stdin` is a file whose content it is given.

    Raises:
        subprocess.TimeoutExpired: it took longer than any test's command may take.
    """
    command, env = hullguard_process(*arguments), environment(**variables)
    if isinstance(stdin, Path):
        with stdin.open("rb") as file:
            done = subprocess.run(
                command, env=env, stdin=file, capture_output=True, timeout=_SECONDS, check=False
            )
    else:
        done = subprocess.run(
            command, env=env, input=stdin, capture_output=True, timeout=_SECONDS, check=False
        )
    return Done(done.returncode, done.stdout, done.stderr.decode())
