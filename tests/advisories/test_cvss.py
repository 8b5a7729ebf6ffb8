"""Base scores: literal examples of the specifications, and vectors that are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.advisories.cvss import base_score, rating
from hullguard.model import Score, Severity


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 7.8),  # CVSS 2, section 3.3.1
        ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 6.2),  # CVSS 2, section 3.3.3
        ("CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:L/A:N", 5.4),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:L/SC:N/SI:N/SA:N/E:X/CR:X", 6.9),
    ],
)
def test_a_vector_has_a_base_score(vector: str, score: float) -> None:
    assert base_score(vector) == score


@pytest.mark.parametrize(
    "vector", ["", "7.5", "CVSS:3.1/AV:N", "CVSS:5.0/AV:N", "AV:N/" * 1000, "CVSS:3.1/AV:\0"]
)
def test_a_broken_vector_has_no_score(vector: str) -> None:
    assert base_score(vector) is None
    assert rating("nvd", vector) is None


def test_a_rating_has_the_severity_of_its_score() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    assert rating("ghsa", vector) == Score(
        source="ghsa", vector=vector, score=9.8, severity=Severity.CRITICAL
    )


PARTS = st.lists(
    st.sampled_from(
        ["CVSS:3.1", "CVSS:4.0", "AV:N", "AC:L", "PR:N", "VC:H", "Au:N", "E:X", ":", ""]
    )
    | st.text(max_size=6),
    max_size=20,
)


@given(PARTS)
def test_no_text_makes_it_raise(parts: list[str]) -> None:
    score = base_score("/".join(parts))
    assert score is None or 0 <= score <= 10
