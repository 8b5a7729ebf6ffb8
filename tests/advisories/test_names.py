"""Names of ecosystems and packages: one spelling for feeds and for matching."""

import pytest

from hullguard.advisories.names import (
    alpine_release,
    debian_ecosystem,
    normalised,
    osv_ecosystem,
)


@pytest.mark.parametrize(
    ("osv", "ours"),
    [
        ("PyPI", "pypi"),
        ("npm", "npm"),
        ("Maven", "maven"),
        ("Go", "golang"),
        ("crates.io", "cargo"),
        ("RubyGems", "gem"),
        ("Packagist", "composer"),
        ("Packagist:https://packages.drupal.org/8", "composer"),
        ("NuGet", "nuget"),
        ("Bitnami", "bitnami"),
        ("Julia", "julia"),
        ("AlmaLinux:8", "almalinux:8"),
        ("Alpine:v3.19", "alpine:3.19"),
        ("Debian:11", "debian:11"),
        ("Rocky Linux:9", "rocky:9"),
        ("Ubuntu:22.04:LTS", "ubuntu:22.04:lts"),
        ("Android", "android"),
    ],
)
def test_osv_ecosystems_have_our_labels(osv: str, ours: str) -> None:
    assert osv_ecosystem(osv) == ours


def test_debian_releases_are_numbers_but_for_unstable() -> None:
    assert debian_ecosystem("bookworm") == "debian:12"
    assert debian_ecosystem("sid") == "debian:sid"
    assert debian_ecosystem("zurg") is None


def test_alpine_branches_have_no_v() -> None:
    assert (alpine_release("v3.19"), alpine_release("edge")) == ("3.19", "edge")


@pytest.mark.parametrize(
    ("ecosystem", "name", "one_spelling"),
    [
        ("pypi", "Zope.Interface__x", "zope-interface-x"),
        ("nuget", "Newtonsoft.Json", "newtonsoft.json"),
        ("composer", "Drupal/Core", "drupal/core"),
        ("npm", "JSONStream", "JSONStream"),
        ("maven", "org.Apache:Log4j", "org.Apache:Log4j"),
    ],
)
def test_only_some_ecosystems_have_several_spellings(
    ecosystem: str, name: str, one_spelling: str
) -> None:
    assert normalised(ecosystem, name) == one_spelling
