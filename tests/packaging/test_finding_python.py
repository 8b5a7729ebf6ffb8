"""Which Python the scripts take, and the one command that they print where none fits.

The answers of apt-cache are the releases' own, as far as they are read.
"""

from pathlib import Path

import pytest

import fresh_checkouts
from fresh_checkouts import Machine

FIND = fresh_checkouts.PROJECT / "scripts/find-python"
NEEDS = "hullguard: needs Python 3.11 to 3.14 with its venv module"
ASKED = f"{NEEDS}. This installs it:\nhullguard:   "
OLD = "exit 1"  # what the question for the version ends with
DEBIAN_12 = {"python3": "3.11.2-1+b1", "python3.11": "3.11.2-6+deb12u6"}
UBUNTU_22_04 = {"python3": "3.10.6-1~22.04.1", "python3.11": "3.11.0~rc1-1~22.04"}
DEBIAN_11 = {"python3": "3.9.2-3"}


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """Return a machine without Python, of a user who is not root."""
    machine = fresh_checkouts.machine(tmp_path)
    machine.offers("id", "echo 1000")
    return machine


def debian(machine: Machine, candidates: dict[str, str]) -> Machine:
    """Give it apt-get, and the packages that a release has."""
    cases = "".join(
        f"{name}) printf '%s:\\n  Installed: (none)\\n  Candidate: %s\\n' '{name}' '{version}';;"
        for name, version in candidates.items()
    )
    machine.offers("apt-cache", f"case $2 in {cases} esac")
    machine.offers("apt-get", "exit 1")
    return machine


def advice(machine: Machine) -> str:
    done = machine.run("sh", FIND)
    assert done.returncode == 3
    assert done.stdout == ""
    return done.stderr


def test_the_path_behind_links_is_printed(bare: Machine) -> None:
    done = fresh_checkouts.with_python(bare).run("sh", FIND)
    python = (bare.programs / "python3").resolve()
    assert (done.returncode, done.stdout) == (0, f"{python}\n")


def test_a_newer_one_is_taken_where_the_first_is_too_old(bare: Machine) -> None:
    fresh_checkouts.with_python(bare)
    (bare.programs / "python3").rename(bare.programs / "python3.11")
    bare.offers("python3", OLD)
    assert bare.run("sh", FIND).returncode == 0


def test_one_without_venv_fits_only_where_uv_is(bare: Machine) -> None:
    fresh_checkouts.with_python(bare)
    python = (bare.programs / "python3").resolve()
    bare.offers("python3", f"case $* in *ensurepip*) exit 1 ;; esac; exec '{python}' \"$@\"")
    assert NEEDS in advice(bare)
    bare.offers("uv", "exit 0")
    assert bare.run("sh", FIND).returncode == 0


def test_one_that_uv_has_installed_is_taken(bare: Machine, tmp_path: Path) -> None:
    fresh_checkouts.with_python(bare)
    python = (bare.programs / "python3").rename(tmp_path / "python3.11")
    bare.offers("uv", f"echo '{python}'")
    assert bare.run("sh", FIND).stdout == f"{python.resolve()}\n"


def test_a_shim_of_uv_that_stands_for_none_is_no_uv(bare: Machine) -> None:
    bare.offers("uv", "echo 'uv: command not found' >&2; exit 127")
    assert "\nhullguard: Install uv (https://docs.astral.sh/uv/)" in advice(bare)


@pytest.mark.parametrize(
    ("candidates", "packages"),
    [
        (DEBIAN_12, "python3 python3-venv"),
        (UBUNTU_22_04, "python3.11 python3.11-venv"),
        ({}, "python3 python3-venv"),  # its lists of packages were never fetched
    ],
)
def test_on_debian_and_ubuntu_the_command_names_the_release_s_packages(
    bare: Machine, candidates: dict[str, str], packages: str
) -> None:
    bare.offers("python3", OLD)
    told = advice(debian(bare, candidates))
    assert told == f"{ASKED}sudo sh -c 'apt-get update && apt-get install -y {packages}'\n"


def test_a_release_without_any_that_fits_gets_another_way(bare: Machine) -> None:
    bare.offers("python3", OLD)
    assert advice(debian(bare, DEBIAN_11)) == (
        f"{NEEDS}, and this system offers none that is known.\n"
        "hullguard: Install uv (https://docs.astral.sh/uv/), then run: uv python install 3.13\n"
    )


@pytest.mark.parametrize(
    ("program", "command"),
    [
        ("uv", "uv python install 3.13"),
        ("dnf", "sudo dnf install -y python3.12"),
        ("apk", "sudo apk add python3"),
    ],
)
def test_the_command_is_one_of_what_the_system_has(
    bare: Machine, program: str, command: str
) -> None:
    bare.offers(program, "exit 0")
    assert advice(bare) == f"{ASKED}{command}\n"


def test_root_installs_it_and_says_so(bare: Machine, tmp_path: Path) -> None:
    debian(bare, UBUNTU_22_04).offers("id", "echo 0")
    fresh_checkouts.with_python(bare)
    python = (bare.programs / "python3").rename(tmp_path / "real")
    link = f"ln -s '{python.resolve()}' '{bare.programs}/python3.11'"
    bare.offers("apt-get", f"case $* in install*python3.11\\ python3.11-venv) {link} ;; esac")
    done = bare.run("sh", FIND)
    assert (done.returncode, done.stdout) == (0, f"{python.resolve()}\n")
    assert done.stderr == "hullguard: installing python3.11 python3.11-venv with apt-get\n"


def test_root_whom_apt_get_fails_gets_the_command(bare: Machine) -> None:
    debian(bare, DEBIAN_12).offers("id", "echo 0")
    told = advice(bare)
    assert "apt-get update failed, see above; going on with older lists" in told
    assert told.endswith("'apt-get update && apt-get install -y python3 python3-venv'\n")
