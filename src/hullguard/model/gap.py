"""What was not seen. A report with gaps is incomplete, and says so."""

from enum import StrEnum

import msgspec


class GapKind(StrEnum):
    """Why something was not seen; machines act on this, people read the sentence."""

    UNREADABLE = "unreadable"  # bytes that could not be read or understood
    INCOMPLETE = "incomplete"  # reading stopped early: a budget, a truncated layer
    NOT_COVERED = "not_covered"  # no advisories exist here for this distribution or ecosystem
    OUTDATED = "outdated"  # the advisories are older than allowed
    UNRATED = "unrated"  # scores exist but could not be fetched
    UNKNOWN_VERSION = "unknown_version"  # a package whose version nobody can tell


class Gap(msgspec.Struct, frozen=True):
    """One thing that was not seen: where, and why, as parts of a sentence."""

    where: str
    why: str
    kind: GapKind = GapKind.UNREADABLE
    advice: str = ""  # what to do about it; a command where there is one

    def __str__(self) -> str:
        """Return the sentence people read."""
        sentence = f"{self.where}: {self.why}" if self.where else self.why
        return f"{sentence}. {self.advice}" if self.advice else sentence
