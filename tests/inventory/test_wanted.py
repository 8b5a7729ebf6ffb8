"""Which analyzers want which path."""

import pytest

from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted, might_hold_packages, versions

INSTALLED = Wanted(Where.INSTALLED)
SOURCE = Wanted(Where.SOURCE)


def names(wanted: Wanted, path: str) -> list[str]:
    return [row.name for row in wanted.by_path(path)]


@pytest.mark.parametrize(
    ("path", "analyzers"),
    [
        ("etc/os-release", ["os-release"]),
        ("chroot/etc/os-release", []),
        ("var/lib/dpkg/status", ["dpkg"]),
        ("var/lib/dpkg/status.d/base", ["dpkg"]),
        ("var/lib/dpkg/info/zlib1g:amd64.list", ["dpkg-files"]),
        ("var/lib/dpkg/info/zlib1g:amd64.md5sums", []),
        ("usr/lib/sysimage/rpm/rpmdb.sqlite", ["rpm"]),
        ("var/lib/rpm/__db.001", []),
        ("usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA", ["python"]),
        ("usr/lib/METADATA", []),
        ("app/node_modules/left-pad/package.json", ["node"]),
        ("app/package.json", []),
        ("srv/app.jar", ["java"]),
        ("srv/app.jar.txt", []),
        ("app/app.deps.json", ["dotnet"]),
        ("app/package-lock.json", []),
        ("requirements.txt", []),
        ("", []),
    ],
)
def test_an_image_is_asked_for_what_is_installed(path: str, analyzers: list[str]) -> None:
    assert names(INSTALLED, path) == analyzers


@pytest.mark.parametrize(
    ("path", "analyzers"),
    [
        ("package-lock.json", ["npm-lock"]),
        ("service/go.mod", ["gomod"]),
        ("requirements.txt", ["requirements"]),
        ("app/node_modules/left-pad/package.json", []),
    ],
)
def test_a_source_tree_is_asked_for_lock_files(path: str, analyzers: list[str]) -> None:
    assert names(SOURCE, path) == analyzers


def test_a_path_behind_a_link_stands_for_the_one_in_the_table() -> None:
    wanted = Wanted(Where.INSTALLED, {"opt/dpkg": "var/lib/dpkg"})
    assert names(wanted, "opt/dpkg/status") == ["dpkg"]
    assert names(wanted, "opt/dpkg/info/six.list") == ["dpkg-files"]
    assert names(wanted, "opt/dpkg-old/status") == []


def test_a_path_that_is_wanted_by_its_own_name_is_no_alias() -> None:
    wanted = Wanted(Where.INSTALLED, {"usr/lib": "var/lib/rpm", "": "usr/share/rpm"})
    assert names(wanted, "usr/lib/os-release") == ["os-release"]
    assert wanted.seen_as("usr/lib/os-release") == "usr/lib/os-release"
    assert wanted.seen_as("usr/lib/Packages") == "var/lib/rpm/Packages"


def test_an_alias_for_the_root_holds_for_what_is_directly_in_it() -> None:
    wanted = Wanted(Where.INSTALLED, {"": "var/lib/rpm"})
    assert names(wanted, "rpmdb.sqlite") == ["rpm"]
    assert names(wanted, "usr/rpmdb.sqlite") == []


@pytest.mark.parametrize(
    ("wanted", "path", "beside"),
    [
        (INSTALLED, "var/lib/rpm/rpmdb.sqlite-wal", True),
        (INSTALLED, "home/me/.mozilla/places.sqlite-wal", False),
        (SOURCE, "service/go.sum", True),
        (INSTALLED, "service/go.sum", False),
    ],
)
def test_only_what_lies_beside_a_wanted_file_is_wanted_with_it(
    wanted: Wanted, path: str, *, beside: bool
) -> None:
    assert wanted.beside(path) == beside


def test_places_that_are_settled_are_not_looked_for() -> None:
    assert "etc/redhat-release" in INSTALLED.places()
    assert "etc/redhat-release" not in INSTALLED.places({"os-release"})
    assert "var/lib/dpkg/status" in INSTALLED.places({"os-release"})


@pytest.mark.parametrize(
    ("analyzer", "path", "wants"),
    [
        ("node", "app/node_modules/a/package.json", True),
        ("node", "bin/sh", False),
        ("go", "bin/sh", True),  # a program, whatever its name
    ],
)
def test_an_analyzer_wants_a_path_by_its_name_or_for_being_a_program(
    analyzer: str, path: str, *, wants: bool
) -> None:
    assert INSTALLED.wants(analyzer, path) == wants


def test_programs_and_metadata_may_hold_packages_and_manuals_may_not() -> None:
    assert might_hold_packages("usr/bin/kubectl")
    assert might_hold_packages("usr/share/java/log4j.jar")
    assert not might_hold_packages("usr/share/doc/kubectl/copyright")
    assert not might_hold_packages("usr/include/zlib.h")


def test_every_analyzer_counts_for_the_cache() -> None:
    assert "dpkg=" in versions()
    assert "gomod=" in versions()
