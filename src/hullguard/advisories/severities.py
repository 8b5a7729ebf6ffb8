"""The words that sources have for severities."""

from hullguard.model import Severity

_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,  # Red Hat and its rebuilds
    "medium": Severity.MEDIUM,
    "moderate": Severity.MEDIUM,  # GitHub, Red Hat
    "low": Severity.LOW,
    "unimportant": Severity.INFO,  # Debian: no security problem as packaged
    "negligible": Severity.INFO,
    "none": Severity.INFO,  # CVSS: a base score of 0.0
}


def severity_of(word: str) -> Severity:
    """Return the severity that a source's word means; `unknown` for any other word."""
    return _WORDS.get(word.lower(), Severity.UNKNOWN)
