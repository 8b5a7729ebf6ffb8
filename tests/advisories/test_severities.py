"""The words that sources have for severities."""

import pytest

from hullguard.advisories.severities import severity_of
from hullguard.model import Severity


@pytest.mark.parametrize(
    ("word", "severity"),
    [
        ("Important", Severity.HIGH),
        ("MODERATE", Severity.MEDIUM),
        ("unimportant", Severity.INFO),
        ("NONE", Severity.INFO),
        ("", Severity.UNKNOWN),
        ("not yet assigned", Severity.UNKNOWN),
    ],
)
def test_every_source_has_words_of_its_own(word: str, severity: Severity) -> None:
    assert severity_of(word) is severity
