"""How bad something is."""

from enum import StrEnum


class Severity(StrEnum):
    """Worst first; `unknown` means that nobody has rated it yet, not that it is harmless."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """The place in the order: 0 is the worst."""
        return _RANKS[self]

    @classmethod
    def from_score(cls, score: float) -> "Severity":
        """Return the severity of a CVSS base score, 0.0 to 10.0 (source: CVSS 3.1, section 5)."""
        for limit, severity in _LIMITS:
            if score >= limit:
                return severity
        return cls.INFO


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_LIMITS = (
    (9.0, Severity.CRITICAL),
    (7.0, Severity.HIGH),
    (4.0, Severity.MEDIUM),
    (0.1, Severity.LOW),
)
