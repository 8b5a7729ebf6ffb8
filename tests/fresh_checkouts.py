"""Small checkouts with this project's own scripts, on machines that have only what a test gives.

The real scripts, Python, uv, venv and pip run; what they install is one wheel of the test's own,
so that no package registry is asked.
"""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec

PROJECT = Path(__file__).resolve().parents[1]
SECONDS = 120.0
_READERS = ("sh", "id", "cat", "sed", "cmp", "dirname", "readlink")
_WRITERS = ("cp", "ln", "mv", "rm", "chmod", "mkdir", "flock")
_ECHO = "import json, sys; print(json.dumps([sys.argv[1:], sys.prefix]))\n"


class Machine(msgspec.Struct, frozen=True):
    """What a shell finds there: the programs on its path, and an empty home."""

    programs: Path
    home: Path

    def offers(self, name: str, script: str) -> None:
        """Put a program of the test's own on the path."""
        (self.programs / name).unlink(missing_ok=True)
        (self.programs / name).write_text(f"#!/bin/sh\n{script}\n")
        (self.programs / name).chmod(0o755)

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the environment of a new user's shell, with further variables."""
        return {"PATH": str(self.programs), "HOME": str(self.home), **variables}

    def run(
        self,
        *command: str | Path,
        cwd: Path = Path("/"),
        user: int | None = None,
        **variables: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program without standard input, as CI does; as another user where root asks."""
        return subprocess.run(
            [str(word) for word in command],
            env=self.environment(**variables),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            user=user,
            check=False,
        )


def machine(folder: Path) -> Machine:
    """Make a machine with what the smallest Debian has, and nothing else."""
    made = Machine(folder / "programs", folder / "home")
    made.programs.mkdir(parents=True)
    made.home.mkdir()
    for name in (*_READERS, *_WRITERS):
        (made.programs / name).symlink_to(_found(name))
    return made


def with_python(made: Machine) -> Machine:
    """Give it the Python that runs the tests, outside of any virtual environment."""
    (made.programs / "python3").symlink_to(Path(sys.executable).resolve())
    return made


def with_uv(made: Machine, uv: str) -> Machine:
    """Give it uv; which may be a script that finds the real one on the test's own path."""
    made.offers("uv", f"PATH='{os.environ['PATH']}' exec '{uv}' \"$@\"")
    return made


def checkout(folder: Path, lock: str) -> Path:
    """Make a checkout whose `hullguard` prints its arguments and its environment as JSON."""
    (folder / "src/hullguard").mkdir(parents=True)
    (folder / "src/hullguard/__init__.py").touch()
    (folder / "src/hullguard/__main__.py").write_text(_ECHO)
    for name in ("hullguard", "hullguard-test"):
        shutil.copy(PROJECT / name, folder / name)
        (folder / name.replace("hullguard", "requirements")).with_suffix(".lock").write_text(lock)
    shutil.copytree(PROJECT / "scripts", folder / "scripts")
    return folder


def answer(done: subprocess.CompletedProcess[str]) -> tuple[list[str], str]:
    """Return the arguments and the environment that a checkout's `hullguard` printed."""
    arguments, prefix = json.loads(done.stdout)
    return arguments, prefix


def wheel(folder: Path) -> Path:
    """Make a wheel that holds one empty module."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny-1-py3-none-any.whl"
    facts = "tiny-1.dist-info"
    files = {
        "tiny.py": "",
        f"{facts}/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1\n",
        f"{facts}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    rows = [f"{name},{_record(text)},{len(text)}" for name, text in files.items()]
    files[f"{facts}/RECORD"] = "\n".join([*rows, f"{facts}/RECORD,,", ""])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def lock_of(path: Path) -> str:
    """Return a lock file that names one local archive, and nothing that a registry has."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"--no-index\n--find-links {path.parent}\ntiny==1 --hash=sha256:{digest}\n"


def _record(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _found(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(name)
    return path
