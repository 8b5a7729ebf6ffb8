"""Maven's versions, as the specification in the POM reference orders them."""

from itertools import pairwise

import pytest

from hullguard.advisories.versions import compare

RISING = [
    "1-alpha-1-SNAPSHOT",
    "1-a1",
    "1-alpha-2",
    "1-beta",
    "1.0.0.M1",
    "1-cr",
    "1-SNAPSHOT",
    "1",
    "1-sp",
    "1-abc",
    "1.0.0-jre",
    "1-0.1",
    "1-1",
    "1-2",
    "1.0.1-alpha",
    "1.0.1",
    "1.1",
    "1.10",
    "20190126.230843",
    "12345678901234567890.1H.5-beta",
]


@pytest.mark.parametrize(("older", "newer"), list(pairwise(RISING)))
def test_older_sorts_before_newer(older: str, newer: str) -> None:
    assert compare("maven", older, newer) == -1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "1.0.0"),
        ("1", "1-ga"),
        ("1", "1.RELEASE"),
        ("1.Final", "1.0"),
        ("1x", "1.0.0-X"),
        ("1.0.0.RC1", "1-rc-1"),
        ("1-rc", "1CR"),
        ("1-1", "1-ga-1"),
        ("1-1.foo-bar-1-baz-0.1", "1-1.foo-bar1baz-.1"),
        ("1.", "1"),
    ],
)
def test_different_texts_are_the_same_version(one: str, other: str) -> None:
    assert compare("maven", one, other) == 0


def test_a_b_and_m_stand_for_words_only_before_a_digit() -> None:
    assert compare("maven", "1-a1", "1-alpha-1") == 0
    assert compare("maven", "1-a", "1") == 1
