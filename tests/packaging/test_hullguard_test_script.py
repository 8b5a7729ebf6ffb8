"""`./hullguard-test`: all of the suite or a chosen part, and an exit code for both."""

from pathlib import Path

import pytest

from fresh_checkouts import Machine

PYTEST = """
import sys
print("pytest", *sys.argv[1:])
print("== 1 passed in 0.01s ==")
"""
TOOLS = ("ruff", "mypy", "lint-imports")


@pytest.fixture
def suite(machine: Machine, checkout: Path) -> Path:
    """Return a checkout whose lint, types and tests pass, and print how they were called."""
    (checkout / "src/pytest.py").write_text(PYTEST)
    machine.run(checkout / "hullguard-test", "set up")
    for name in TOOLS:
        tool(checkout, name, 0)
    return checkout / "hullguard-test"


def tool(checkout: Path, name: str, code: int) -> None:
    path = checkout / ".venv-test/bin" / name
    path.write_text(f'#!/bin/sh\necho {name} "$@"\nexit {code}\n')
    path.chmod(0o755)


def test_without_arguments_everything_runs_and_the_tests_come_last(
    machine: Machine, suite: Path
) -> None:
    done = machine.run(suite)
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line and not line.startswith("== ")] == [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "lint-imports",
        "pytest -n auto --dist loadfile",
    ]
    assert done.stdout.endswith("== 1 passed in 0.01s ==\n")


def test_a_fault_of_lint_fails_a_run_whose_tests_pass_and_is_named_at_the_end(
    machine: Machine, suite: Path
) -> None:
    tool(suite.parent, "ruff", 1)
    done = machine.run(suite)
    assert done.returncode == 1
    assert "== 1 passed in 0.01s ==" in done.stdout
    assert done.stderr.endswith("\nThese failed:\n  ruff check .\n  ruff format --check .\n")


def test_a_failed_test_fails_the_run(machine: Machine, suite: Path) -> None:
    with (suite.parent / "src/pytest.py").open("a") as file:
        file.write("sys.exit(1)\n")
    done = machine.run(suite)
    assert done.returncode == 1
    assert done.stderr.endswith("\nThese failed:\n  python -m pytest -n auto --dist loadfile\n")


def test_arguments_choose_tests_and_nothing_else_runs(
    machine: Machine, suite: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link"
    link.symlink_to(suite)
    done = machine.run(link, "-k", "a name", cwd=tmp_path)
    assert done.stdout == "pytest -k a name\n== 1 passed in 0.01s ==\n"


def test_system_packages_that_are_missing_are_named(machine: Machine, suite: Path) -> None:
    done = machine.run(suite, "-k", "x")
    assert "hullguard: not there: docker-registry apache2-utils rpm " in done.stderr
    assert "The tests that need them will skip." in done.stderr
    assert done.returncode == 0
