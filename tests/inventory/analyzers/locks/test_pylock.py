"""pylock.toml, the lock file of PEP 751."""

import pytest

from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Malformed
from lock_files import outcomes, pins

LOCK = """\
lock-version = "1.0"
created-by = "hand"

[[packages]]
name = "six"
version = "1.16.0"
marker = "'dev' in dependency_groups"

[[packages]]
name = "from-git"
vcs = { type = "git", url = "https://example.com/x.git", commit-id = "0123" }

[[packages]]
name = "shop"
directory = { path = ".", editable = true }
"""


def test_folders_are_no_packages_and_repositories_need_no_version() -> None:
    assert pins("pylock", LOCK) == [("six", "1.16.0", ""), ("from-git", "", "")]


@pytest.mark.parametrize("data", ["", "[", 'lock-version = "1.0"', "packages = []"])
def test_what_lacks_a_required_key_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"pylock\.toml"):
        outcomes("pylock", data)


@pytest.mark.parametrize("name", ["pylock.toml", "pylock.dev.toml"])
def test_both_kinds_of_names_are_wanted(name: str) -> None:
    assert [row.name for row in Wanted(Where.SOURCE).by_path(f"app/{name}")] == ["pylock"]
