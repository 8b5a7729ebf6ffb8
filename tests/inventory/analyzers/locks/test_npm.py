"""npm's lock files: where a package's name, version and scope stand in each lock version."""

import json

import pytest

from hullguard.inventory.analyzer import Found
from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins


def v3(**packages: object) -> str:
    return json.dumps({"lockfileVersion": 3, "packages": packages})


def v1(**dependencies: object) -> str:
    return json.dumps({"lockfileVersion": 1, "dependencies": dependencies})


def test_a_package_is_named_after_the_folder_it_is_installed_to() -> None:
    lock = v3(
        **{
            "node_modules/ms": {"version": "2.1.3"},
            "node_modules/debug/node_modules/@babel/core": {"version": "7.0.0"},
        }
    )
    assert pins("npm", lock) == [("ms", "2.1.3", ""), ("@babel/core", "7.0.0", "")]


def test_an_alias_is_told_by_its_real_name() -> None:
    lock = v3(**{"node_modules/my-ms": {"name": "ms", "version": "2.1.3"}})
    assert pins("npm", lock) == [("ms", "2.1.3", "")]
    assert pins("npm", v1(chai={"version": "npm:@esm/chai@4.2.2"})) == [("@esm/chai", "4.2.2", "")]


def test_the_project_its_workspaces_and_links_are_no_packages() -> None:
    lock = v3(
        **{
            "": {"name": "shop", "version": "1.0.0"},
            "packages/cart": {"version": "1.0.0"},
            "node_modules/cart": {"resolved": "packages/cart", "link": True},
            "packages/cart/node_modules/ms": {"version": "2.0.0"},
        }
    )
    assert pins("npm", lock) == [("ms", "2.0.0", "")]


@pytest.mark.parametrize(
    ("flags", "scope"),
    [
        ({"dev": True}, "dev"),
        ({"optional": True}, "optional"),
        ({"dev": True, "optional": True}, "dev"),
        ({"devOptional": True}, "optional"),
        ({"peer": True}, ""),
    ],
)
def test_the_flags_tell_the_scope(flags: dict[str, bool], scope: str) -> None:
    assert pins("npm", v3(**{"node_modules/ms": {"version": "1.0.0", **flags}})) == [
        ("ms", "1.0.0", scope)
    ]


def test_a_package_needed_twice_has_the_scope_nearer_to_run_time() -> None:
    lock = v3(
        **{
            "node_modules/ms": {"version": "1.0.0", "dev": True},
            "node_modules/debug/node_modules/ms": {"version": "1.0.0"},
        }
    )
    assert pins("npm", lock) == [("ms", "1.0.0", "")]


def test_nested_packages_of_lock_version_1_are_found_and_share_the_scope_around_them() -> None:
    inner = {"ms": {"version": "2.0.0"}}
    lock = v1(debug={"version": "2.6.9", "dev": True, "dependencies": inner})
    assert pins("npm", lock) == [("debug", "2.6.9", "dev"), ("ms", "2.0.0", "dev")]


def test_lock_version_2_is_read_once() -> None:
    lock = {
        "lockfileVersion": 2,
        "packages": {"node_modules/ms": {"version": "2.1.3"}},
        "dependencies": {"ms": {"version": "9.9.9"}},
    }
    assert pins("npm", json.dumps(lock)) == [("ms", "2.1.3", "")]


@pytest.mark.parametrize(
    "version",
    ["git+ssh://git@example.com/ms.git#0123abc", "github:vercel/ms#0123abc", "https://x/ms.tgz"],
)
def test_a_dependency_locked_to_an_address_keeps_its_name_without_a_version(version: str) -> None:
    assert pins("npm", v1(ms={"version": version})) == [("ms", "", "")]


def test_a_folder_of_the_tree_is_no_package() -> None:
    assert pins("npm", v1(cart={"version": "file:packages/cart"})) == []


def test_a_peer_that_was_not_installed_is_no_package() -> None:
    assert pins("npm", v3(**{"node_modules/ms": {"optional": True, "peer": True}})) == []


@pytest.mark.parametrize(
    ("licence", "told"), [("MIT", "MIT"), (["MIT", "BSD"], "MIT OR BSD"), ({"type": "MIT"}, "")]
)
def test_a_licence_may_be_one_or_several_to_choose_from(licence: object, told: str) -> None:
    lock = v3(**{"node_modules/ms": {"version": "1.0.0", "license": licence}})
    [found] = outcomes("npm", lock)
    assert isinstance(found, Found)
    assert found.package.licence == told


def test_a_broken_record_is_a_gap_and_the_next_one_is_read() -> None:
    lock = v3(**{"node_modules/a": {"version": 1}, "node_modules/b": {"version": "1.0.0"}})
    [gap] = gaps("npm", lock)
    assert gap.startswith("package node_modules/a: has an unexpected form: Expected `str`")
    assert len(outcomes("npm", lock)) == 2


@pytest.mark.parametrize("data", ["{}", "[]", "this is not json!", '{"packages": []}', ""])
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"package-lock\.json"):
        outcomes("npm", data)


def test_a_lock_file_without_packages_is_one() -> None:
    assert pins("npm", '{"lockfileVersion": 1}') == []


def test_nesting_without_reason_is_refused() -> None:
    depth = 50_000  # how much is too deep depends on the Python
    data = '{"lockfileVersion":1,"dependencies":' + '{"a":{"dependencies":' * depth
    with pytest.raises(Malformed, match="nested too deep"):
        outcomes("npm", data + "{}" + "}}" * depth + "}")
