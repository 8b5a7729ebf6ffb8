"""The versions of Ruby, PHP, Python, R and Haskell packages."""

from itertools import pairwise

import pytest

from hullguard.advisories.versions import compare

RISING = {
    "gem": [
        "1.0.a.2",
        "1.0.a10",
        "1.0.b1",
        "1.0",
        "1.0.0.1",
        "1.0.1",
        "1.1-x86",
        "1.1.rc1",
        "1.1",
        "1.10",
    ],
    "composer": [
        "dev-main",
        "0.0.1-dev",
        "1.0-foo",
        "1.0-dev",
        "v1.0-ALPHA1",
        "1.0a2",
        "1.0-beta.1",
        "1.0-RC1",
        "1.0.0.0",
        "1.0pl1",
        "1.0.1",
        "1.x-dev",
        "2.0-dev",
        "20240101",
    ],
    "pep440": [
        "0.1-bulbasaur",
        "0.9-doduo",
        "0.dev1",
        "1.0.dev1",
        "1.0a1.dev1",
        "1.0a1",
        "1.0",
        "1.0+local.a",
        "1.0+local.1",
        "1.0-1",
        "1.1",
        "1!0.1",
    ],
    "dotted": ["0.9", "0.75", "1.0", "1.0.0", "1.0-1"],
}


@pytest.mark.parametrize(
    ("scheme", "older", "newer"),
    [(scheme, *pair) for scheme, versions in RISING.items() for pair in pairwise(versions)],
)
def test_older_sorts_before_newer(scheme: str, older: str, newer: str) -> None:
    assert compare(scheme, older, newer) == -1


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        ("gem", "1.0.a2", "1.0.a.2"),
        ("gem", "1.0.a", "1.a.0"),
        ("gem", "1.0-java", "1.pre.java"),
        ("gem", "", "0"),
        ("composer", "v1.0", "1.0.0.0+build"),
        ("composer", "1.0-stable", "1.0"),
        ("composer", "1.0-b.2", "1.0beta2"),
        ("composer", "1.0-patch1", "1.0-p1"),
        ("pep440", "1.0", "v1.0.0"),
        ("dotted", "0.01.0", "0.1-0"),
    ],
)
def test_different_texts_are_the_same_version(scheme: str, one: str, other: str) -> None:
    assert compare(scheme, one, other) == 0


def test_zeros_bring_a_gem_s_version_nearer_to_its_end_from_both_sides() -> None:
    versions = ["1.a.b", "1.a.0.b", "1.a.0.0.b", "1.a", "1.a.0.0.1", "1.a.0.1", "1.a.1"]
    assert [compare("gem", low, high) for low, high in pairwise(versions)] == [-1] * 6


def test_a_python_version_too_long_to_read_sorts_before_those_that_can_be_read() -> None:
    assert compare("pep440", "9" * 5_000, "0.dev0") == -1
