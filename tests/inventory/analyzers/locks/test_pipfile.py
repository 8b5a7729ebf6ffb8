"""Pipenv's lock file."""

import json

import pytest

from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins


def test_the_categories_tell_the_scope() -> None:
    lock = {
        "_meta": {"pipfile-spec": 6},
        "default": {"six": {"version": "==1.16.0"}},
        "develop": {"pytest": {"version": "===8.0"}},
        "docs": {"sphinx": {"version": "==7.0"}},
    }
    assert pins("pipfile", json.dumps(lock)) == [
        ("six", "1.16.0", ""),
        ("pytest", "8.0", "dev"),
        ("sphinx", "7.0", "optional"),
    ]


def test_a_repository_has_no_version_and_a_folder_is_no_package() -> None:
    lock = {"default": {"a": {"git": "https://x/a.git", "ref": "00"}, "b": {"path": "./b"}}}
    assert pins("pipfile", json.dumps(lock)) == [("a", "", "")]


def test_a_broken_entry_is_a_gap_and_the_next_one_is_read() -> None:
    lock = '{"default": {"a": [], "b": {"version": "==1"}}, "develop": []}'
    assert [gap.partition(":")[0] for gap in gaps("pipfile", lock)] == ["default a", "develop"]
    assert len(outcomes("pipfile", lock)) == 3


@pytest.mark.parametrize("data", ["{}", "this is not json!", '{"packages": {}}'])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"Pipfile\.lock"):
        outcomes("pipfile", data)
