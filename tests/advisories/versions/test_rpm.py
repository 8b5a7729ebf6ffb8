"""RPM's versions: segments, `~`, `^`, epochs and releases."""

import pytest

from hullguard.advisories.versions import compare
from hullguard.advisories.versions.rpm import compare as compare_as_dependency
from hullguard.advisories.versions.rpm import split_evr


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("1.0~rc1", "1.0"),
        ("1.0", "1.0^git1"),
        ("1.0^git1", "1.0.1"),
        ("1.0^git1~pre", "1.0^git1"),
        ("xyz.4", "8"),
        ("6.0", "6.0.rc1"),
        ("1.0a", "1.0aa"),
        ("a.b", "ab"),
        ("9.9-9", "1:1.0-1"),
        ("4.18.0-193.el8", "4.18.0-193.6.3.el8_2"),
        ("1.0", "1.0-1"),
    ],
)
def test_older_sorts_before_newer(older: str, newer: str) -> None:
    assert compare("rpm", older, newer) == -1


@pytest.mark.parametrize(
    ("one", "other"),
    [("2_0", "2.0"), ("10.0001", "10.1"), ("a+", "a_"), ("0:1-1", "1-1"), ("1.é", "1.")],
)
def test_different_texts_are_the_same_version(one: str, other: str) -> None:
    assert compare("rpm", one, other) == 0


@pytest.mark.parametrize(
    ("version", "parts"),
    [
        ("1.0", ("", "1.0", None)),
        ("1.0-2.el9", ("", "1.0", "2.el9")),
        ("3:1.0-rc-2", ("3", "1.0-rc", "2")),
        (":1-1", ("", "1", "1")),
        ("a:1-1", ("", "a:1", "1")),
        ("1-", ("", "1", "")),
        ("", ("", "", None)),
    ],
)
def test_a_version_is_split_into_epoch_version_and_release(
    version: str, parts: tuple[str, str, str | None]
) -> None:
    assert split_evr(version) == parts


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("1.2", "1.2-3.el9", 0), ("1.2-3", "1.2-4", -1), ("1:1.2", "1.2-3", 1), ("1.3-1", "1.2", 1)],
)
def test_releases_count_only_where_both_sides_have_one(a: str, b: str, expected: int) -> None:
    assert compare_as_dependency(a, b) == expected
    assert compare_as_dependency(b, a) == -expected
