"""Patterns for paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.triage.globs import path_matches


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("srv/app.jar", "srv/app.jar"),
        ("/srv/app.jar", "srv/app.jar"),
        ("srv/*.jar", "srv/app.jar"),
        ("**/app.jar", "app.jar"),
        ("**/app.jar", "a/b/app.jar"),
        ("srv/**", "srv/a/b"),
        ("srv/**", "srv"),
        ("srv/**/app.jar", "srv/app.jar"),
        ("**/node_modules/**/*.json", "a/node_modules/b/c/package.json"),
        ("a[0-9]/?", "a7/x"),
    ],
)
def test_a_path_matches(pattern: str, path: str) -> None:
    assert path_matches(pattern, path)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("srv/*.jar", "srv/lib/app.jar"),
        ("*", "srv/app.jar"),
        ("srv", "srv/app.jar"),
        ("srv/app.jar", "opt/srv/app.jar"),
        ("SRV/*", "srv/a"),
        ("**/x", "a/b"),
    ],
)
def test_a_path_does_not_match(pattern: str, path: str) -> None:
    assert not path_matches(pattern, path)


@given(st.text("a*/[?", max_size=30), st.text("a/", max_size=30))
def test_no_pattern_makes_it_raise(pattern: str, path: str) -> None:
    path_matches(pattern, path)


def test_many_wildcards_take_no_more_than_their_product() -> None:
    assert not path_matches("**/*a*a*a/" * 100 + "b", "a/" * 500 + "c")
