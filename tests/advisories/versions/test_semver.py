"""Semantic versions, with the freedoms that npm, Go, Dart and .NET take."""

from itertools import pairwise

import pytest

from hullguard.advisories.versions import compare

RISING = [
    "latest",
    "v0.0.0-20190101000000-abcdefabcdef",
    "0.0.0-alpha",
    "0.0.0",
    "1.2.3-4",
    "1.2.3-5",
    "1.2.3-5-Foo",
    "1.2.3-5-foo",
    "1.2.3-a.5",
    "1.2.3-a.10",
    "1.2.3-a.b",
    "1.2.3-r100",
    "1.2.3-r2",
    "v1.2.3",
    "1.2.4-0.20200101000000-abcdefabcdef",
    "1.2.4",
    "1.2.4.1",
    "go1.21rc2",
    "go1.21",
    "go1.21.1",
    "2.0.0+incompatible",
]


@pytest.mark.parametrize(("older", "newer"), list(pairwise(RISING)))
def test_older_sorts_before_newer(older: str, newer: str) -> None:
    assert compare("semver", older, newer) == -1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1.2.3", "v1.2.3"),
        ("1.2.3", "= 1.2.3"),
        ("1", "1.0.0"),
        ("2.0.0", "v2.0.0+incompatible"),
        ("1.0.0-rc+a", "1.0.0-rc+b"),
        ("go1.21rc2", "1.21.0-rc2"),
    ],
)
def test_different_texts_are_the_same_version(one: str, other: str) -> None:
    assert compare("semver", one, other) == 0


@pytest.mark.parametrize("text", ["(devel)", "", "latest", "go"])
def test_a_text_without_a_number_sorts_before_every_version(text: str) -> None:
    assert compare("semver", text, "0.0.0-0") == -1


def test_nuget_fills_up_to_four_numbers_and_takes_upper_case_for_lower() -> None:
    assert compare("nuget", "1.0", "1.0.0.0") == 0
    assert compare("nuget", "1.0.0-BETA+x", "1.0.0-beta") == 0
    assert compare("nuget", "1.0.0", "1.0.0.1-alpha") == -1


def test_pub_counts_the_build() -> None:
    assert compare("pub", "1.2.3", "1.2.3+1") == -1
    assert compare("pub", "1.2.3+9", "1.2.3+a") == -1
