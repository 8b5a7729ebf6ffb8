"""A Debian of the smallest kind, which has no Python: what `./hullguard` does there."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import fresh_checkouts
from root_filesystems import debian_root

pytestmark = pytest.mark.integration

_USER = 1000
_SET_OUTSIDE = ("PIP_INDEX_URL", "PIP_TRUSTED_HOST", "http_proxy", "https_proxy", "no_proxy")


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """Return a root that tests may write into, with a checkout of this project in it."""
    kept = debian_root()
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "root"
        subprocess.run(["cp", "-a", kept, made], check=True)
        shutil.copy("/etc/resolv.conf", made / "etc/resolv.conf")
        if certificates := os.environ.get("PIP_CERT"):
            shutil.copy(certificates, made / "opt/certificates.crt")
        checkout = made / "opt/hullguard"
        for name in ("src", "scripts"):
            shutil.copytree(fresh_checkouts.PROJECT / name, checkout / name)
        for name in ("hullguard", "requirements.lock"):
            shutil.copy(fresh_checkouts.PROJECT / name, checkout / name)
        if inside(made, "apt-get", "update").returncode:
            pytest.skip("needs a mirror of Debian's packages, and none answers")
        yield made


def inside(root: Path, *command: str, user: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program in the root, with what a login there would set."""
    environment = {name: value for name in _SET_OUTSIDE if (value := os.environ.get(name))}
    if (root / "opt/certificates.crt").exists():
        environment["PIP_CERT"] = "/opt/certificates.crt"
    return subprocess.run(
        ["chroot", *([f"--userspec={user}:{user}"] if user else []), root, *command],
        env=environment | {"HOME": "/", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_user_gets_the_one_command_to_run(root: Path) -> None:
    os.chown(root / "opt/hullguard", _USER, -1)
    done = inside(root, "/opt/hullguard/hullguard", "--version", user=_USER)
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == (
        "hullguard: needs Python 3.11 to 3.14 with its venv module. This installs it:\n"
        "hullguard:   sudo sh -c 'apt-get update && apt-get install -y python3 python3-venv'\n"
    )


def test_root_gets_a_python_is_told_so_and_hullguard_runs(root: Path) -> None:
    done = inside(root, "/opt/hullguard/hullguard", "--version")
    assert done.stdout.startswith("hullguard "), done.stderr
    assert "hullguard: installing python3 python3-venv with apt-get\n" in done.stderr
    again = inside(root, "/opt/hullguard/hullguard", "explain", "KP-IMG-013")
    assert (again.returncode, again.stderr) == (0, "")
