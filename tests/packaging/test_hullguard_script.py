"""`./hullguard` in a checkout: it makes its environment once, wherever it is called from."""

import os
import shutil
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import fresh_checkouts
from fresh_checkouts import Machine, answer

SETTING_UP = "hullguard: setting up its Python environment (once; takes some seconds)\n"


def test_the_first_run_sets_up_and_says_so_and_later_ones_do_not(
    machine: Machine, checkout: Path
) -> None:
    first = machine.run(checkout / "hullguard", "image", "a b", "")
    assert first.returncode == 0, first.stderr
    assert first.stderr == SETTING_UP
    assert answer(first) == (["image", "a b", ""], str(checkout / ".venv"))
    second = machine.run(checkout / "hullguard")
    assert second.stderr == ""
    assert answer(second) == ([], str(checkout / ".venv"))


def test_it_is_found_through_links_and_from_any_folder(
    machine: Machine, checkout: Path, tmp_path: Path
) -> None:
    link, further = tmp_path / "link", tmp_path / "further"
    link.symlink_to("a checkout/hullguard")
    further.symlink_to(link)
    (tmp_path / "venv.py").write_text("raise SystemExit('a module of the folder was imported')")
    for command in (further, "./link", "a checkout/hullguard"):
        done = machine.run("sh", command, cwd=tmp_path)
        assert answer(done) == ([], str(checkout / ".venv")), done.stderr


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_what_the_lock_file_names_is_installed_and_compiled(
    tmp_path: Path, checkout: Path, installer: str
) -> None:
    machine = fresh_checkouts.with_python(fresh_checkouts.machine(tmp_path / "other"))
    if installer == "uv":
        uv = shutil.which("uv") or pytest.skip("needs uv, which is not installed")
        fresh_checkouts.with_uv(machine, uv)
    done = machine.run(checkout / "hullguard", PYTHONDONTWRITEBYTECODE="1", PIP_USER="1")
    assert done.returncode == 0, done.stderr
    [module] = checkout.glob(".venv/lib/python3*/site-packages/tiny.py")
    assert list((module.parent / "__pycache__").glob("tiny.*.pyc"))
    assert list((checkout / "src/hullguard/__pycache__").glob("__main__.*.pyc"))


@pytest.mark.parametrize("home", ["", "/dev/null"])
def test_it_needs_no_home(machine: Machine, checkout: Path, home: str) -> None:
    done = machine.run(checkout / "hullguard", HOME=home)
    assert answer(done) == ([], str(checkout / ".venv")), done.stderr


def test_a_changed_lock_file_makes_the_environment_anew(machine: Machine, checkout: Path) -> None:
    machine.run(checkout / "hullguard")
    (checkout / ".venv/kept").touch()
    with (checkout / "requirements.lock").open("a") as lock:
        lock.write("# changed\n")
    assert machine.run(checkout / "hullguard").stderr == SETTING_UP
    assert not (checkout / ".venv/kept").exists()
    assert machine.run(checkout / "hullguard").stderr == ""


def test_a_moved_checkout_makes_its_own(machine: Machine, checkout: Path, tmp_path: Path) -> None:
    machine.run(checkout / "hullguard")
    moved = checkout.rename(tmp_path / "moved")
    done = machine.run(moved / "hullguard")
    assert done.stderr == SETTING_UP
    assert answer(done) == ([], str(moved / ".venv"))


def test_an_environment_whose_python_went_away_is_made_anew(
    machine: Machine, checkout: Path
) -> None:
    machine.run(checkout / "hullguard")
    python = checkout / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/usr/bin/python3.0")
    assert machine.run(checkout / "hullguard").stderr == SETTING_UP


def test_it_needs_no_program_to_compare_files(machine: Machine, checkout: Path) -> None:
    (machine.programs / "cmp").unlink()
    assert machine.run(checkout / "hullguard").stderr == SETTING_UP
    assert machine.run(checkout / "hullguard").stderr == ""


def test_two_first_runs_at_once_set_up_once(machine: Machine, checkout: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        runs = list(pool.map(machine.run, [checkout / "hullguard"] * 2))
    assert [run.returncode for run in runs] == [0, 0]
    assert sum(run.stderr.count(SETTING_UP) for run in runs) == 1
    assert all(answer(run) == ([], str(checkout / ".venv")) for run in runs)


@pytest.mark.parametrize("made", ["pyvenv.cfg", "wanted.lock", "made-here"])
def test_killed_while_it_sets_up_it_starts_anew(
    machine: Machine, checkout: Path, made: str
) -> None:
    started = subprocess.Popen(
        [checkout / "hullguard"],
        env=machine.environment(),
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not os.path.lexists(checkout / ".venv" / made):
        assert started.poll() is None
        time.sleep(0.005)
    os.killpg(started.pid, signal.SIGKILL)
    started.wait()
    assert answer(machine.run(checkout / "hullguard")) == ([], str(checkout / ".venv"))
