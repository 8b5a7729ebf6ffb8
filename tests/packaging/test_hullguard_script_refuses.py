"""What `./hullguard` says where it cannot make its environment, always with exit code 3."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import fresh_checkouts
from fresh_checkouts import Machine

NOBODY = 65534


def test_a_folder_of_somebody_else_is_left_alone(machine: Machine, checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv/theirs").touch()
    done = machine.run(checkout / "hullguard")
    assert done.returncode == 3
    assert done.stderr == (
        f"hullguard: {checkout}/.venv is not of hullguard's making, and it has to make one there.\n"
        "hullguard: Move or remove that folder, then run this again.\n"
    )
    assert (checkout / ".venv/theirs").exists()


def test_another_content_than_the_lock_file_names_is_refused(
    machine: Machine, checkout: Path
) -> None:
    lock = checkout / "requirements.lock"
    lock.write_text(lock.read_text().partition("sha256:")[0] + f"sha256:{'0' * 64}\n")
    done = machine.run(checkout / "hullguard")
    assert done.returncode == 3
    assert "hash" in done.stderr.lower()
    assert "hullguard: could not set up its environment, see above." in done.stderr


def test_nothing_is_built_from_source(machine: Machine, checkout: Path, tmp_path: Path) -> None:
    [wheel] = (tmp_path / "wheels").iterdir()
    source = wheel.with_name("tiny-1.tar.gz")
    shutil.make_archive(str(tmp_path / "wheels/tiny-1"), "gztar", checkout / "src")
    wheel.unlink()
    (checkout / "requirements.lock").write_text(fresh_checkouts.lock_of(source))
    done = machine.run(checkout / "hullguard")
    assert done.returncode == 3
    assert "hullguard: could not set up its environment, see above." in done.stderr


def test_a_registry_that_does_not_answer_is_told_and_tried_again(
    machine: Machine, checkout: Path
) -> None:
    lock = checkout / "requirements.lock"
    content = lock.read_text()
    lock.write_text(
        content.replace("--no-index", "--index-url http://127.0.0.1:1/").replace(
            "--find-links", "#"
        )
    )
    done = machine.run(checkout / "hullguard", PIP_RETRIES="0", UV_HTTP_RETRIES="0")
    assert done.returncode == 3
    assert "It tries again at the next run." in done.stderr
    lock.write_text(content)
    assert machine.run(checkout / "hullguard").returncode == 0


@pytest.fixture
def shared() -> Iterator[Path]:
    """Return a folder of root's that every user may read."""
    if os.geteuid() != 0:
        pytest.skip("needs root: runs programs as another user")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_who_may_not_write_to_the_checkout_learns_what_to_do(shared: Path) -> None:
    machine = fresh_checkouts.machine(shared / "machine")
    checkout = fresh_checkouts.checkout(shared / "checkout", "")
    done = machine.run(checkout / "hullguard", user=NOBODY)
    assert done.returncode == 3
    assert done.stderr == (
        f"hullguard: needs to make its Python environment in {checkout}/.venv,\n"
        f"hullguard: but you may not write to {checkout}. "
        "Run this once as somebody who may, or in a clone of your own.\n"
    )


def test_who_may_not_replace_the_environment_keeps_it(shared: Path) -> None:
    machine = fresh_checkouts.machine(shared / "machine")
    checkout = fresh_checkouts.checkout(shared / "checkout", "")
    os.chown(checkout, NOBODY, -1)
    (checkout / ".venv").mkdir()
    (checkout / ".venv.making").touch()
    done = machine.run(checkout / "hullguard", user=NOBODY)
    assert done.returncode == 3
    assert f"but you may not write to {checkout}/.venv." in done.stderr
    assert (checkout / ".venv").exists()
