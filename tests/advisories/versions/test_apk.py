"""Alpine's versions: letters, suffixes, revisions, and what apk-tools 3 makes of the rest."""

from itertools import pairwise

import pytest

from hullguard.advisories.versions import compare

RISING = [
    "1.2_alpha",
    "1.2_alpha2",
    "1.2_beta",
    "1.2_pre",
    "1.2_rc1",
    "1.2_blah",
    "1.2",
    "1.2-r0",
    "1.2-r1",
    "1.2-r10",
    "1.2~0a1b",
    "1.2~0a1b-r1",
    "1.2_cvs",
    "1.2_svn",
    "1.2_git20230717",
    "1.2_git20230717-r4",
    "1.2_hg",
    "1.2_p1",
    "1.2_p2",
    "1.2a",
    "1.2p1",
    "1.2p2",
    "1.2.0",
    "1.2.01",
    "1.2.1",
    "1.10",
    "2",
    "11",
]


@pytest.mark.parametrize(("older", "newer"), list(pairwise(RISING)))
def test_older_sorts_before_newer(older: str, newer: str) -> None:
    assert compare("apk", older, newer) == -1


@pytest.mark.parametrize(
    ("one", "other"), [("1-r", "1-r0"), ("1-r1", "1-r01"), ("01.2", "1.2"), (" 1.2\n", "1.2")]
)
def test_different_texts_are_the_same_version(one: str, other: str) -> None:
    assert compare("apk", one, other) == 0


def test_what_does_not_fit_is_equal_and_below_a_version_that_ends_there() -> None:
    assert compare("apk", "1.2-beta", "1.2-alpha") == 0
    assert compare("apk", "1.2-beta", "1.2") == -1
    assert compare("apk", "1-r2", "1-r-1") == 1
