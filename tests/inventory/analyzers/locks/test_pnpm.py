"""pnpm's lock files: keys of three lock versions, and who needs what."""

import pytest

from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins


def lock(version: str, *packages: str) -> str:
    return f"lockfileVersion: {version}\n\npackages:\n" + "".join(packages)


def entry(key: str, *fields: str) -> str:
    return f"\n  {key}:\n    resolution: {{integrity: sha512-x}}\n" + "".join(
        f"    {field}\n" for field in fields
    )


@pytest.mark.parametrize(
    ("version", "key", "name", "told"),
    [
        ("5.3", "/ms/2.1.3", "ms", "2.1.3"),
        ("5.4", "/@esm/ms/2.1.3", "@esm/ms", "2.1.3"),
        ("5.4", "/ms/2.1.3_react@18.2.0", "ms", "2.1.3"),
        ("5.4", "/ms/2.1.3_@types+babel__core@7.1.14", "ms", "2.1.3"),
        ("5.4", "registry.example/@esm/ms/2.1.3-rc.1+b5", "@esm/ms", "2.1.3-rc.1+b5"),
        ("'6.0'", "/ms@2.1.3", "ms", "2.1.3"),
        ("'6.0'", "/@esm/ms@2.1.3(react@18.2.0)(@types/node@20.0.0)", "@esm/ms", "2.1.3"),
        ("'6.1'", "registry.example/@esm/ms@2.1.3", "@esm/ms", "2.1.3"),
        ("'9.0'", "ms@2.1.3", "ms", "2.1.3"),
        ("'9.0'", "'@esm/ms@2.1.3'", "@esm/ms", "2.1.3"),
    ],
)
def test_the_key_holds_name_and_version(version: str, key: str, name: str, told: str) -> None:
    assert pins("pnpm", lock(version, entry(key))) == [(name, told, "")]


@pytest.mark.parametrize(
    ("version", "key"),
    [
        ("5.3", "github.com/vercel/ms/0123abc"),
        ("'6.0'", "github.com/vercel/ms/0123abc"),
        ("'9.0'", "ms@https://codeload.example/vercel/ms/tar.gz/01.23abc"),
    ],
)
def test_fields_tell_what_an_address_cannot(version: str, key: str) -> None:
    text = lock(version, entry(key, "name: ms", "version: 2.1.3"))
    assert pins("pnpm", text) == [("ms", "2.1.3", "")]


def test_an_address_without_a_version_leaves_it_open() -> None:
    assert pins("pnpm", lock("'9.0'", entry("ms@https://example.com/ms.tgz"))) == [("ms", "", "")]


def test_a_folder_of_the_tree_is_no_package() -> None:
    text = lock(
        "'9.0'", "\n  cart@file:cart:\n    resolution: {directory: cart, type: directory}\n"
    )
    assert pins("pnpm", text) == []


def test_older_lock_versions_mark_what_developers_need() -> None:
    text = lock(
        "'6.0'",
        entry("/a@1.0.0", "dev: true"),
        entry("/b@1.0.0", "dev: false", "optional: true"),
        entry("/c@1.0.0", "dev: false"),
    )
    assert pins("pnpm", text) == [
        ("a", "1.0.0", "dev"),
        ("b", "1.0.0", "optional"),
        ("c", "1.0.0", ""),
    ]


GRAPH = """\
lockfileVersion: '9.0'

importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(peer@1.0.0)
      alias:
        specifier: npm:real@^1.0.0
        version: real@1.0.0
      cart:
        specifier: workspace:*
        version: link:packages/cart
    devDependencies:
      tool:
        specifier: ^1.0.0
        version: 1.0.0
  packages/cart:
    optionalDependencies:
      maybe:
        specifier: ^1.0.0
        version: 1.0.0

packages:
  a@1.0.0:
    resolution: {integrity: sha512-x}
  below-a@1.0.0:
    resolution: {integrity: sha512-x}
  below-tool@1.0.0:
    resolution: {integrity: sha512-x}
  maybe@1.0.0:
    resolution: {integrity: sha512-x}
  real@1.0.0:
    resolution: {integrity: sha512-x}
  tool@1.0.0:
    resolution: {integrity: sha512-x}

snapshots:
  a@1.0.0(peer@1.0.0):
    dependencies:
      below-a: 1.0.0
  a@1.0.0(peer@2.0.0):
    dependencies:
      below-a: 1.0.0
  below-a@1.0.0: {}
  below-tool@1.0.0: {}
  maybe@1.0.0:
    optional: true
  real@1.0.0: {}
  tool@1.0.0:
    dependencies:
      below-tool: 1.0.0
      below-a: 1.0.0
"""


def test_lock_version_9_tells_the_scope_by_who_needs_what() -> None:
    scopes = {name: scope for name, _, scope in pins("pnpm", GRAPH)}
    assert scopes == {
        "a": "",
        "below-a": "",
        "below-tool": "dev",
        "maybe": "optional",
        "real": "",
        "tool": "dev",
    }


def test_every_document_of_a_file_counts() -> None:
    text = (
        "---\n" + lock("'9.0'", entry("pnpm@10.0.0")) + "---\n" + lock("'9.0'", entry("ms@2.1.3"))
    )
    assert [name for name, _, _ in pins("pnpm", text)] == ["pnpm", "ms"]


def test_a_key_that_names_no_package_is_a_gap_and_the_next_one_is_read() -> None:
    text = lock("5.3", entry("invalidpath"), entry("/ms/2.1.3"))
    assert gaps("pnpm", text) == ["package invalidpath: tells no name and version"]
    assert len(outcomes("pnpm", text)) == 2


def test_an_entry_may_be_empty() -> None:
    assert pins("pnpm", "lockfileVersion: 5.3\npackages:\n  /ms/2.1.3:\n") == [("ms", "2.1.3", "")]


def test_a_lock_file_without_packages_is_one() -> None:
    assert pins("pnpm", "lockfileVersion: '9.0'\n") == []


@pytest.mark.parametrize(
    "data",
    ["", "this is not valid yaml!", "packages: {}", "- a", "lockfileVersion: 9\npackages: [a]"],
)
def test_what_is_no_lock_file_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"pnpm-lock\.yaml"):
        outcomes("pnpm", data)


def test_a_circle_of_packages_is_walked_once() -> None:
    text = GRAPH.replace(
        "below-a@1.0.0: {}", "below-a@1.0.0:\n    dependencies:\n      a: 1.0.0(peer@1.0.0)"
    )
    assert ("a", "1.0.0", "") in pins("pnpm", text)
