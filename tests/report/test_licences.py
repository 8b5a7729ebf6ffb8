"""Licences: SPDX expressions, or the packages' own words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.report.licences import expression


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("MIT", "MIT"),
        ("mit or apache-2.0", "MIT OR Apache-2.0"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("(MIT AND BSD-2-Clause)", "(MIT AND BSD-2-Clause)"),
        ("GPLv2+", ""),
        ("BSD", ""),
        ("MIT AND", ""),
        ("LicenseRef-unknown", ""),
        ("(" * 5_000 + "MIT" + ")" * 5_000, ""),
        ("", ""),
    ],
)
def test_only_expressions_of_known_licences_count(text: str, told: str) -> None:
    assert expression(text) == told


@given(
    st.lists(st.sampled_from(("MIT", "AND", "WITH", "(", ")", "+", "or", "x", "\n", "\0"))).map(
        " ".join
    )
)
def test_no_text_makes_it_raise(text: str) -> None:
    expression(text)
