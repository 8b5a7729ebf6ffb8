"""The order of severities and the CVSS scale."""

import pytest

from hullguard.model import Severity


@pytest.mark.parametrize(
    ("score", "severity"),
    [(10.0, "critical"), (9.0, "critical"), (8.9, "high"), (7.0, "high"), (6.9, "medium"),
     (4.0, "medium"), (3.9, "low"), (0.1, "low"), (0.0, "info")],
)  # fmt: skip
def test_a_score_has_its_severity(score: float, severity: str) -> None:
    assert Severity.from_score(score) == severity


def test_the_worst_comes_first() -> None:
    assert min(Severity, key=lambda severity: severity.rank) is Severity.CRITICAL
