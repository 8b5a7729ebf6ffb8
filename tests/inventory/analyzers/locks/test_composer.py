"""Composer's lock file."""

import json

import pytest

from hullguard.inventory.analyzer import Found
from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins


def entry(name: str, **fields: object) -> dict[str, object]:
    return {"name": name, "version": "v1.0.0", **fields}


def test_versions_stay_as_written_and_the_list_tells_the_scope() -> None:
    lock = {"packages": [entry("psr/log")], "packages-dev": [entry("pear/log")]}
    assert pins("composer", json.dumps(lock)) == [
        ("psr/log", "v1.0.0", ""),
        ("pear/log", "v1.0.0", "dev"),
    ]


def test_a_folder_of_the_tree_is_no_package() -> None:
    lock = {"packages": [entry("shop/cart", dist={"type": "path", "url": "../cart"})]}
    assert pins("composer", json.dumps(lock)) == []


def test_licences_to_choose_from_are_one_expression() -> None:
    lock = {"packages": [entry("psr/log", license=["MIT", "GPL-2.0-only"])]}
    [found] = outcomes("composer", json.dumps(lock))
    assert isinstance(found, Found)
    assert found.package.licence == "MIT OR GPL-2.0-only"


def test_a_broken_entry_is_a_gap_and_the_next_one_is_read() -> None:
    lock = {"packages": [{"name": "a/b"}, entry("psr/log")], "packages-dev": None}
    assert [gap.partition(":")[0] for gap in gaps("composer", json.dumps(lock))] == ["packages[0]"]
    assert len(outcomes("composer", json.dumps(lock))) == 2


@pytest.mark.parametrize("data", ["", "{}", "[", '{"packages": {}}'])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"composer\.lock"):
        outcomes("composer", data)
