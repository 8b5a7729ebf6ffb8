"""Debian's versions: what deb-version(7) says, and what becomes of texts it does not know."""

import pytest

from hullguard.advisories.versions import compare


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.2.3-1~deb7u1", "1.2.3-1"),
        ("2.7.4+reloaded2-13", "2.7.4+reloaded2-13ubuntu1"),
        ("2.7.4+reloaded2-13ubuntu1", "2.7.4+reloaded2-13+deb9u1"),
        ("9.9", "1:1.0"),
        ("1.9", "1.10"),
        ("1.0~~", "1.0~~a"),
        ("1.0~", "1.0"),
        ("1.0a", "1.0+"),
        ("1-1", "1-2-1"),
        ("1.0", "1.0é"),
        ("1.0+z", "1.0é"),
    ],
)
def test_older_sorts_before_newer(older: str, newer: str) -> None:
    assert compare("dpkg", older, newer) == -1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.0.0", "0:0.0.0-00"),
        ("1.0-0", "1.0"),
        ("1.01", "1.1"),
        ("1.", "1.0"),
        (" 1.0\n", "1.0"),
        ("00002:1", "2:1"),
        ("1.0-", "1.0"),
    ],
)
def test_different_texts_are_the_same_version(one: str, other: str) -> None:
    assert compare("dpkg", one, other) == 0


def test_an_epoch_that_is_no_number_belongs_to_the_version() -> None:
    assert compare("dpkg", "a:1", "0:a:1") == 0
