"""PDM's lock file."""

import pytest

from hullguard.model import Malformed
from lock_files import outcomes, pins


def entry(*fields: str) -> str:
    lines = ('name = "six"', 'version = "1.16.0"', *fields)
    return "[[package]]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("fields", "scope"),
    [
        ((), ""),
        (('groups = ["default", "dev"]',), ""),
        (('groups = ["dev", "docs"]',), "dev"),
        (('groups = ["tests"]',), "optional"),
    ],
)
def test_the_groups_tell_the_scope(fields: tuple[str, ...], scope: str) -> None:
    assert pins("pdm", entry(*fields)) == [("six", "1.16.0", scope)]


def test_an_archive_is_a_package_and_a_folder_is_not() -> None:
    assert pins("pdm", entry('path = "./six-1.16.0.tar.gz"')) == [("six", "1.16.0", "")]
    assert pins("pdm", entry('path = "./six"', "editable = true")) == []


@pytest.mark.parametrize("data", ["", "this is not valid toml! (I think)"])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"pdm\.lock"):
        outcomes("pdm", data)
