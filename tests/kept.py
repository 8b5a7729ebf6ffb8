"""Folders that take long to make: made once, kept by version outside the checkout.

Nobody may write into a kept folder. Where a part is missing the test skips, with the reason.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest


def home() -> Path:
    """Return where folders are kept: one fixed place for root, a temporary one for others."""
    if os.geteuid() == 0:
        return Path("/var/cache/hullguard-tests")
    return Path(tempfile.gettempdir()) / f"hullguard-tests-{os.geteuid()}"


def kept(name: str, programs: Sequence[str], make: Callable[[Path], None]) -> Path:
    """Return the folder kept under a name, making it first; parallel workers wait for it.

    Args:
        name: with everything in it that makes the content another one, versions above all.
        programs: what `make` needs on the path.
        make: fills an empty folder; beside it, it may leave what is thrown away.
    """
    if missing := [program for program in programs if not shutil.which(program)]:
        pytest.skip(f"needs {missing[0]}, which is not installed")
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    target = home() / name
    with (home() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _make(target, make)
    return target


def run(*command: str | Path, cwd: Path, **variables: str) -> str:
    """Run a program in the C locale, with further variables, and return what it prints.

    Raises:
        subprocess.CalledProcessError: it failed; the error holds what it printed.
    """
    environment: Mapping[str, str] = os.environ | {"LC_ALL": "C"} | variables
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def _make(target: Path, make: Callable[[Path], None]) -> None:
    """Make it aside and move it into place, so that nobody ever sees half of it."""
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix="making-"))
    try:
        (scratch / "made").mkdir()
        make(scratch / "made")
        (scratch / "made").rename(target)
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip() or error.stdout.strip()).rpartition("\n")[2]
        pytest.skip(f"{error.cmd[0]} could not make {target.name}: {last}")
    finally:
        shutil.rmtree(scratch)
