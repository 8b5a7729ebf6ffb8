"""On the project's own CI a test may skip only where `expected-skips` says so."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from expected_skips import is_allowed, rules

TESTS = Path(__file__).resolve().parents[1]
SKIPS = """
import pytest

def test_in_the_test():
    pytest.skip("needs a moon")

@pytest.mark.skip("needs a sun")
def test_by_a_mark(): pass

@pytest.mark.xfail
def test_that_fails_as_expected():
    raise ValueError
"""
MODULE_SKIPS = 'import pytest\n\npytest.skip("needs a star", allow_module_level=True)\n'


def run(folder: Path, test: str, **variables: str) -> tuple[int, str]:
    """Run a module of tests under this project's conftest; return exit code and output."""
    (folder / "test_it.py").write_text(test)
    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    environment |= {"PYTHONPATH": str(TESTS), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "conftest"]
    command += ["-c", os.devnull, "--rootdir", str(folder), str(folder)]
    done = subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout


def test_an_unexpected_skip_fails_on_ci_and_says_what_to_do(tmp_path: Path) -> None:
    code, out = run(tmp_path, SKIPS, CI="true")
    assert code == 1
    assert "1 failed, 1 xfailed, 1 error in" in out
    assert "Skipped on CI: needs a moon" in out
    assert "Skipped on CI: needs a sun" in out
    assert "tests/expected-skips" in out


def test_a_module_that_skips_unexpectedly_fails_on_ci(tmp_path: Path) -> None:
    code, out = run(tmp_path, MODULE_SKIPS, CI="true")
    assert code == 2
    assert "Skipped on CI: needs a star" in out


def test_elsewhere_a_test_may_skip(tmp_path: Path) -> None:
    code, out = run(tmp_path, SKIPS)
    assert code == 0
    assert "2 skipped, 1 xfailed in" in out


def test_a_rule_speaks_of_tests_and_of_their_reason() -> None:
    allowed = rules("# why\n\ntests/a/*  needs the corpus *, which\n")
    assert allowed == [("tests/a/*", "needs the corpus *, which")]
    assert is_allowed("tests/a/test_b.py::test_c[d]", "needs the corpus x, which", allowed)
    assert not is_allowed("tests/a/test_b.py::test_c[d]", "needs rpm", allowed)
    assert not is_allowed("tests/b.py::test_c", "needs the corpus x, which", allowed)


def test_a_rule_without_a_reason_is_refused() -> None:
    with pytest.raises(pytest.UsageError, match="tests/a may skip, but for which reason"):
        rules("tests/a\n")


def test_the_rules_of_this_project_can_be_read() -> None:
    assert rules((TESTS / "expected-skips").read_text())
