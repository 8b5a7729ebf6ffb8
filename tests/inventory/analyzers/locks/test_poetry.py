"""Poetry's lock file, old and new."""

import pytest

from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins


def entry(*fields: str) -> str:
    lines = ('name = "six"', 'version = "1.16.0"', *fields)
    return "[[package]]\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("fields", "scope"),
    [
        ((), ""),
        (('category = "main"',), ""),
        (('category = "dev"',), "dev"),
        (('groups = ["main", "dev"]',), ""),
        (('groups = ["lint"]',), "dev"),
        (("optional = true",), "optional"),
        (('groups = ["main"]', "optional = true"), "optional"),
    ],
)
def test_category_groups_and_optional_tell_the_scope(fields: tuple[str, ...], scope: str) -> None:
    assert pins("poetry", entry(*fields)) == [("six", "1.16.0", scope)]


@pytest.mark.parametrize("source", ["git", "legacy", "url", "file"])
def test_a_package_from_elsewhere_is_one(source: str) -> None:
    text = entry() + f'[package.source]\ntype = "{source}"\nurl = "https://example.com"\n'
    assert pins("poetry", text) == [("six", "1.16.0", "")]


def test_a_folder_of_the_tree_is_no_package() -> None:
    assert pins("poetry", entry() + '[package.source]\ntype = "directory"\nurl = "lib"\n') == []


def test_a_broken_entry_is_a_gap_and_the_next_one_is_read() -> None:
    text = '[[package]]\nname = "a"\n' + entry()
    [gap] = gaps("poetry", text)
    assert gap.startswith("package[0]: has an unexpected form: Object missing required field")
    assert len(outcomes("poetry", text)) == 2


@pytest.mark.parametrize("data", ["", "[", 'title = "no lock"', "package = 1", b"\xff\xfe"])
def test_what_is_no_lock_file_is_refused(data: str | bytes) -> None:
    with pytest.raises(Malformed, match=r"poetry\.lock"):
        outcomes("poetry", data)
