"""`hullguard demo` as a process of its own: no network, an empty home, from anywhere."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


def without_network() -> list[str]:
    """Return what cuts a command off from every network, where that is allowed."""
    tried = subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False)
    return ["unshare", "-n"] if tried.returncode == 0 else []


def run(
    home: Path, *arguments: str, code: Path = ROOT / "src", wrapper: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(code)}
    environment |= dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NOWHERE)
    environment |= {"PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
    command = [*(wrapper or []), sys.executable, "-P", "-m", "hullguard", "demo", *arguments]
    return subprocess.run(
        command, cwd=home, env=environment, capture_output=True, text=True, check=False
    )


def words(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stdout.split())


def test_it_needs_no_network_and_ends_well(tmp_path: Path) -> None:
    done = run(tmp_path, wrapper=without_network())
    assert (done.returncode, done.stderr) == (0, "")
    assert "CVE-2021-44228 ● critical org.apache.logging.log4j:log4j-core 2.14.1" in words(done)
    assert "runs as root · has no health check" in done.stdout
    assert "  ! " not in done.stdout  # nothing was left unseen


def test_it_says_what_it_is_and_for_which_day(tmp_path: Path) -> None:
    told = words(run(tmp_path))
    assert told.startswith("A sample image, judged as of 2024-10-24 by the advisories that ship")
    assert "Judged as of 2024-10-24" in told


def test_it_leads_on_to_images_of_ones_own(tmp_path: Path) -> None:
    done = run(tmp_path)
    following = done.stdout.partition("Next:")[2]
    assert "hullguard image scan debian:12" in following
    assert "docker save IMAGE | hullguard image scan -" in following
    assert "shop/cart" not in following  # nobody else has that image


def test_it_leaves_a_database_and_nothing_else_in_the_cache(tmp_path: Path) -> None:
    run(tmp_path)
    home = tmp_path / ".cache/hullguard"
    assert (home / "demo/db/match/debian.db").is_file()
    assert not (home / "db").exists()


@pytest.mark.skipif(not without_network(), reason="mounting needs a root's rights")
def test_a_home_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    sealed = f'mount --bind -o ro "{tmp_path}" "{tmp_path}" && exec "$@"'
    done = run(tmp_path, wrapper=["unshare", "-m", "sh", "-c", sealed, "sh"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "CVE-2021-44228" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_it_works_from_the_wheel(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    home = tmp_path / "home"
    home.mkdir()
    done = run(home, code=tmp_path / "installed")
    assert (done.returncode, done.stderr) == (0, "")
    assert "CVE-2021-44228" in done.stdout
