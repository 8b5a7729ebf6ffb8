"""The wheel: same sources, same bytes, with everything in it; and it works once installed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec
import pytest

from fresh_checkouts import PROJECT

SOURCES = PROJECT / "src/hullguard"
ZLIB = """Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.2.13.dfsg-1
"""


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the test's environment, in which the checkout is not found."""
    environment = os.environ | variables
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )


def built(folder: Path, **variables: str) -> Path:
    """Build the wheel of this checkout with the hatchling of the tests."""
    done = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, **variables)
    assert done.returncode == 0, done.stderr
    [wheel] = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of programs of an environment with the locked packages and the wheel."""
    lock = tmp_path_factory.mktemp("installed") / "wheel.lock"
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock.write_text(
        (PROJECT / "requirements.lock").read_text()
        + f"hullguard @ {wheel.as_uri()} --hash=sha256:{digest}\n"
    )
    done = environment_of(lock)
    skip_without_registry(done, lock.parent)
    assert done.returncode == 0, done.stderr
    return lock.parent / "environment/bin"


def environment_of(lock: Path) -> subprocess.CompletedProcess[str]:
    """Make the environment that a lock file names beside it, as `./hullguard` does."""
    make = PROJECT / "scripts/make-environment"
    return run("sh", make, lock.parent / "environment", lock)


def skip_without_registry(done: subprocess.CompletedProcess[str], folder: Path) -> None:
    """Skip the test if a run failed, and not even the first of the locked packages comes."""
    if done.returncode:
        first = re.match(r"\S.*?\n(?=\S)", (PROJECT / "requirements.lock").read_text(), re.DOTALL)
        assert first is not None
        (folder / "first").mkdir()
        (folder / "first/one.lock").write_text(first[0])
        if environment_of(folder / "first/one.lock").returncode:
            pytest.skip("needs a registry of Python packages, and none answers")


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """Return the folder of a Debian with one package."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text('ID=debian\nVERSION_ID="12"\n')
    (tmp_path / "var/lib/dpkg").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/status").write_text(ZLIB)
    return tmp_path


def test_every_module_and_file_of_data_is_in_it(wheel: Path) -> None:
    expected = {
        path.relative_to(SOURCES.parent).as_posix()
        for path in SOURCES.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if not name.startswith("hullguard-")}
    assert found == expected | {"hullguard/catalog/compiled.msgpack"}
    assert "hullguard/py.typed" in found


def test_it_brings_the_licence_and_says_what_it_needs(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [licence] = [name for name in archive.namelist() if name.endswith("/licenses/LICENSE")]
        facts = archive.read(licence.replace("licenses/LICENSE", "METADATA")).decode()
    assert "License-Expression: Apache-2.0" in facts
    assert "Requires-Python: >=3.11" in facts
    assert "Requires-Dist: msgspec" in facts


def test_the_same_sources_give_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = built(tmp_path, TZ="Asia/Tokyo", PYTHONHASHSEED="7", LC_ALL="C")
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()


def test_it_builds_where_nothing_but_its_build_requirements_is(wheel: Path, tmp_path: Path) -> None:
    uv = shutil.which("uv") or pytest.skip("needs uv, which is not installed")
    done = run(uv, "build", "--wheel", "--out-dir", tmp_path)
    skip_without_registry(done, tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()


def test_an_installed_one_knows_its_version_and_its_rules(programs: Path) -> None:
    assert run(programs / "hullguard", "--version").stdout.startswith("hullguard ")
    done = run(programs / "hullguard", "explain", "KP-IMG-013")
    assert done.returncode == 0
    assert "Image runs as root" in done.stdout
    assert run(programs / "python", "-m", "hullguard", "--version").returncode == 0


def test_an_installed_one_scans_a_folder(programs: Path, image: Path) -> None:
    done = run(programs / "hullguard", "image", "scan", image, "--offline", "--format", "json")
    assert done.returncode == 3  # there is no database of advisories, which is told
    [report] = msgspec.json.decode(done.stdout)["reports"]
    [package] = report["inventory"]["packages"]
    assert package["purl"].startswith("pkg:deb/debian/zlib1g@1:1.2.13.dfsg-1")


def test_an_installed_one_shows_the_demo(programs: Path) -> None:
    done = run(programs / "hullguard", "demo")
    assert done.returncode == 0, done.stderr
    assert "CVE-2021-44228" in done.stdout
