"""The lock files fit what the project says it needs, and name versions by their hashes alone."""

import re
import tomllib
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fresh_checkouts import PROJECT

LOCKS = ["requirements.lock", "requirements-test.lock"]
BLOCK = re.compile(
    r"^(\S+)==(\S+?)(?: ; .+?)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


def project() -> dict[str, Any]:
    return tomllib.loads((PROJECT / "pyproject.toml").read_text())


def locked(name: str) -> dict[str, str]:
    """Return the versions in a lock file, by the names of the packages."""
    blocks = BLOCK.findall((PROJECT / name).read_text())
    return {canonicalize_name(package): version for package, version, _ in blocks}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_is_made_of_versions_and_their_hashes_alone(name: str) -> None:
    """No address of an index: whoever has a mirror uses it."""
    assert BLOCK.sub("", (PROJECT / name).read_text()) == ""


@pytest.mark.parametrize(
    ("needed", "name"),
    [
        (project()["project"]["dependencies"], "requirements.lock"),
        (project()["project"]["dependencies"], "requirements-test.lock"),
        (project()["dependency-groups"]["test"], "requirements-test.lock"),
    ],
)
def test_what_the_project_needs_is_locked_in_a_version_that_fits(
    needed: list[str], name: str
) -> None:
    versions = locked(name)
    wanted = [Requirement(text) for text in needed]
    missing = [need.name for need in wanted if canonicalize_name(need.name) not in versions]
    assert missing == []
    assert [
        need for need in wanted if versions[canonicalize_name(need.name)] not in need.specifier
    ] == []


def test_the_tests_run_with_the_versions_that_people_get() -> None:
    tested = locked("requirements-test.lock")
    assert {
        name: (version, tested.get(name))
        for name, version in locked("requirements.lock").items()
        if tested.get(name) != version
    } == {}
