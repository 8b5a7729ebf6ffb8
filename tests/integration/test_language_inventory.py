"""What we find in folders that pip, npm, Maven and Go filled, beside what those tools list.

The rules of comparison are those of `docs/reference/inventory.md`.
"""

import json
import shutil
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hullguard.inventory.analyzer import File, Where
from hullguard.inventory.facts import learn
from hullguard.inventory.wanted import Wanted, reader
from hullguard.model import Budget, Package
from kept import run
from language_trees import (
    GO_BUILDS,
    OLD_GO_BUILDS,
    fat_jar,
    go_programs,
    maven_jars,
    npm_tree,
    old_go_programs,
    python_tree,
)
from package_listings import (
    MERGED,
    Versions,
    go_list,
    maven_list,
    npm_list,
    pep503,
    pip_list,
)

pytestmark = pytest.mark.integration

WANTED = Wanted(Where.INSTALLED)


def packages_in(root: Path) -> list[Package]:
    """Return the packages of every file that an analyzer wants; there must be no gaps."""
    found = []
    for place in sorted(root.rglob("*")):
        if place.is_file() and not place.is_symlink():
            found += list(packages_of(place, place.relative_to(root).as_posix()))
    return found


def packages_of(place: Path, path: str) -> Iterator[Package]:
    rows, data = WANTED.by_path(path), place.read_bytes()
    if place.stat().st_mode & 0o111 and data.startswith(b"\x7fELF"):
        rows += WANTED.programs
    for row in rows:
        facts = learn(row, reader(row), File(path=path, data=data), Budget())
        assert [str(gap) for gap in facts.gaps] == []
        yield from facts.packages


def versions(packages: list[Package]) -> Versions:
    return {(package.name, package.version) for package in packages}


def test_python_packages_are_those_that_pip_lists() -> None:
    tree = python_tree()
    found = {(pep503(name), version) for name, version in versions(packages_in(tree))}
    assert found == pip_list(tree)
    assert ("django", "2.2") in found
    assert len(found) == 13


def test_npm_packages_are_those_that_npm_lists() -> None:
    tree = npm_tree()
    found = versions(packages_in(tree))
    assert found == npm_list(tree)
    assert {("lodash", "4.17.4"), ("minimist", "0.0.8"), ("express", "4.15.2")} <= found


def test_java_archives_are_those_that_maven_resolved() -> None:
    folder = maven_jars()
    found = versions(packages_in(folder))
    assert found == maven_list(folder) | MERGED
    assert ("org.springframework:spring-webmvc", "5.3.17") in found


def test_archives_inside_an_archive_are_found_like_loose_ones(tmp_path: Path) -> None:
    folder = maven_jars()
    (tmp_path / "app.jar").write_bytes(fat_jar(sorted(folder.glob("*.jar"))))
    found = packages_in(tmp_path)
    assert versions(found) == maven_list(folder) | MERGED
    assert {package.path.partition("!/")[0] for package in found} == {"app.jar"}


def test_a_hundred_real_archives_inside_one_take_no_long_time(tmp_path: Path) -> None:
    folder = maven_jars()
    jars = sorted(folder.glob("*.jar"))
    (tmp_path / "app.jar").write_bytes(fat_jar(jars, copies=-(-100 // len(jars))))
    start = time.process_time()
    found = packages_in(tmp_path)
    assert len(found) >= 100
    assert time.process_time() - start < 2  # measured: 0.1 s


@pytest.mark.parametrize("build", GO_BUILDS)
def test_go_modules_are_those_that_go_lists(build: str) -> None:
    folder = go_programs()
    told = {("example.test/shop", "v1.4.0")} if build == "stripped" else set()
    expected = {entry for entry in go_list(folder / build) if entry[0] not in dict(told)} | told
    found = versions(list(packages_of(folder / build, build)))
    assert found == expected
    assert ("golang.org/x/text", "v0.3.0") in found
    assert ("gopkg.in/yaml.v2", "v2.2.1") in found
    assert ("example.test/local", "") in found


@pytest.mark.parametrize("build", OLD_GO_BUILDS)
def test_go_modules_of_older_programs_are_those_that_go_lists(build: str) -> None:
    folder = old_go_programs()
    found = versions(list(packages_of(folder / build, build)))
    assert found == go_list(folder / build)
    assert ("stdlib", "1.17.13") in found
    assert ("golang.org/x/text", "v0.3.0") in found


@pytest.mark.parametrize("build", ["plain", "386", "ppc64"])
def test_a_go_program_without_section_names_tells_the_same(build: str, tmp_path: Path) -> None:
    whole = (go_programs() / build).read_bytes()
    at, size = (40, 8) if whole[4] == 2 else (32, 4)
    place = tmp_path / build
    place.write_bytes(whole[:at] + bytes(size) + whole[at + size :])
    place.chmod(0o755)
    assert versions(list(packages_of(place, build))) == go_list(go_programs() / build)


def test_the_crates_of_a_real_program_are_found(tmp_path: Path) -> None:
    if not shutil.which("objcopy"):
        pytest.skip("needs objcopy, which is not installed")
    crates = {
        "packages": [
            {"name": "cart", "version": "0.3.0", "source": "local", "root": True},
            {"name": "smallvec", "version": "1.6.0", "source": "crates.io"},
            {"name": "cc", "version": "1.0.73", "source": "crates.io", "kind": "build"},
        ]
    }
    (tmp_path / "list").write_bytes(zlib.compress(json.dumps(crates).encode()))
    program = tmp_path / "cart"
    run(
        "objcopy",
        "--add-section",
        ".dep-v0=list",
        shutil.which("true") or "",
        program,
        cwd=tmp_path,
    )
    assert versions(packages_in(tmp_path)) == {("cart", "0.3.0"), ("smallvec", "1.6.0")}
