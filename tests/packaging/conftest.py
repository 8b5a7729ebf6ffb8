"""What the tests of the scripts share: a machine with Python, and a checkout on it."""

import shutil
from pathlib import Path

import pytest

import fresh_checkouts
from fresh_checkouts import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Return a machine with Python, and with uv where the tests have it: uv is much faster."""
    made = fresh_checkouts.with_python(fresh_checkouts.machine(tmp_path / "machine"))
    uv = shutil.which("uv")
    return fresh_checkouts.with_uv(made, uv) if uv else made


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a checkout, with a blank in its path, that needs one wheel of ours."""
    wheel = fresh_checkouts.wheel(tmp_path / "wheels")
    return fresh_checkouts.checkout(tmp_path / "a checkout", fresh_checkouts.lock_of(wheel))
