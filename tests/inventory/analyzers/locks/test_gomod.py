"""go.mod, and go.sum beside it."""

import pytest

from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import Malformed
from lock_files import gaps, outcomes, pins

SUM = b"""\
example.com/direct v1.0.0 h1:x=
example.com/direct v1.0.0/go.mod h1:x=
example.com/graph-only v1.9.0/go.mod h1:x=
example.com/indirect v1.2.0 h1:x=
example.com/indirect v1.2.0/go.mod h1:x=
example.com/indirect v1.10.0 h1:x=
example.com/indirect v1.10.0/go.mod h1:x=
"""


@pytest.mark.parametrize(
    "text",
    [
        "require example.com/a v1.0.0",
        "require example.com/a v1.0.0 // indirect",
        "require (\n\texample.com/a v1.0.0 // indirect\n)",
        'require "example.com/a" `v1.0.0`',
        "module x\n\n// example.com/b v1.0.0\nrequire(\n//\nexample.com/a v1.0.0\n)\n",
    ],
)
def test_required_modules_are_told_as_written(text: str) -> None:
    assert pins("gomod", text) == [("example.com/a", "v1.0.0", "")]


@pytest.mark.parametrize(
    ("replace", "told"),
    [
        ("replace example.com/a => example.com/fork v2.0.0", [("example.com/fork", "v2.0.0", "")]),
        ("replace example.com/a v1.0.0 => example.com/a v1.0.1", [("example.com/a", "v1.0.1", "")]),
        ("replace example.com/a v1.9.0 => example.com/a v1.9.1", [("example.com/a", "v1.0.0", "")]),
        ("replace example.com/a => ../a", []),
        ("replace (\n\texample.com/a v1.0.0 => ./a\n)", []),
        ("exclude example.com/a v1.0.0", []),
        ("exclude example.com/a v1.1.0", [("example.com/a", "v1.0.0", "")]),
        ("retract [v1.0.0, v1.9.9]", [("example.com/a", "v1.0.0", "")]),
        ("tool example.com/a/cmd", [("example.com/a", "v1.0.0", "")]),
    ],
)
def test_what_is_replaced_or_excluded_is_not_built(
    replace: str, told: list[tuple[str, str, str]]
) -> None:
    assert pins("gomod", f"require example.com/a v1.0.0\n{replace}\n") == told


def test_the_module_itself_is_no_package() -> None:
    assert pins("gomod", "module example.com/shop\n\ngo 1.22\n") == []


@pytest.mark.parametrize(
    ("name", "version"), [("go1.22.1", "1.22.1"), ("go1.21rc2", "1.21.0-rc.2")]
)
def test_the_toolchain_brings_the_standard_library(name: str, version: str) -> None:
    assert pins("gomod", f"module x\n\ntoolchain {name}\n") == [("stdlib", version, "")]


@pytest.mark.parametrize("toolchain", ["default", "local", "go1.x"])
def test_a_toolchain_without_a_version_brings_nothing(toolchain: str) -> None:
    assert pins("gomod", f"module x\n\ntoolchain {toolchain}\n") == []


@pytest.mark.parametrize("go", ["", "go 1.16\n"])
def test_before_go_1_17_the_rest_stands_in_go_sum_in_its_newest_version(go: str) -> None:
    text = f"module x\n{go}require example.com/direct v1.0.0\n"
    assert pins("gomod", text, beside={"go.sum": SUM}) == [
        ("example.com/direct", "v1.0.0", ""),
        ("example.com/indirect", "v1.10.0", ""),
    ]


def test_from_go_1_17_on_go_mod_is_complete() -> None:
    text = "module x\ngo 1.17\nrequire example.com/direct v1.0.0\n"
    assert pins("gomod", text, beside={"go.sum": SUM}) == [("example.com/direct", "v1.0.0", "")]


def test_a_requirement_without_a_version_is_a_gap_and_the_next_one_is_read() -> None:
    text = "require (\n\texample.com/a\n\texample.com/b v1.0.0\n)\n"
    assert gaps("gomod", text) == ["line 2: is no require directive that go would accept"]
    assert len(outcomes("gomod", text)) == 2


@pytest.mark.parametrize("data", ["", "this is not a go.mod file!", "\0"])
def test_what_is_no_go_mod_is_refused(data: str) -> None:
    with pytest.raises(Malformed, match=r"go\.mod"):
        outcomes("gomod", data)


def test_the_walk_keeps_go_sum_for_its_go_mod() -> None:
    wanted = Wanted(Where.SOURCE)
    assert [row.name for row in wanted.by_path("app/go.mod")] == ["gomod"]
    assert wanted.beside("app/go.sum")
