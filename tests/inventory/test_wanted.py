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


def test_programs_and_metadata_may_hold_packages_and_manuals_may_not() -> None:
    assert might_hold_packages("usr/bin/kubectl")
    assert might_hold_packages("usr/share/java/log4j.jar")
    assert not might_hold_packages("usr/share/doc/kubectl/copyright")
    assert not might_hold_packages("usr/include/zlib.h")


def test_every_analyzer_counts_for_the_cache() -> None:
    assert "dpkg=" in versions()
    assert "gomod=" in versions()
