"""The project's workflows: valid, pinned, and running what exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
CI = ROOT / ".github/workflows/ci.yml"

_USED = re.compile(r"uses: (\S+)")
_PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")


def judged(workflow: Path) -> subprocess.CompletedProcess[str]:
    command = ["check-jsonschema", "--builtin-schema", "vendor.github-workflows", str(workflow)]
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_what_github_expects(workflow: Path) -> None:
    done = judged(workflow)
    assert done.returncode == 0, done.stdout


def test_the_schema_refuses_a_workflow_with_a_typing_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(CI.read_text().replace("runs-on:", "run-on:"))
    assert judged(broken).returncode == 1


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_of_others_are_pinned_to_a_commit(workflow: Path) -> None:
    used = _USED.findall(workflow.read_text())
    assert used
    assert all(_PINNED.fullmatch(action) for action in used)


def test_the_database_is_built_by_a_script_that_is_here() -> None:
    text = (ROOT / ".github/workflows/database.yml").read_text()
    assert "scripts/publish_database.py" in text
    assert (ROOT / "scripts/publish_database.py").is_file()
    assert (ROOT / "hullguard-test").is_file()
    assert "./hullguard-test" in CI.read_text()
