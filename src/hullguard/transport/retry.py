"""When to try again, how long to wait before, and when to give up.

Pure policy: what failed tells itself by a `Setback`; sleeping is handed in.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import SystemRandom

import msgspec

from hullguard.model import Unreachable

FIRST = 0.5  # seconds; doubles with every failure ...
LONGEST = 30.0  # ... up to this, unless the other side asks for more
MANY = 8
FEW = 3  # for what a second try seldom mends
_DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)
_spread = SystemRandom().random


class Setback(Exception):
    """A failure that may pass.

    Args:
        what: one sentence without its full stop: what happened, and where.
        advice: what to do about it, should it not pass.
        asked: seconds that the other side wants us to wait.
        tries: how often to try in all.
    """

    def __init__(
        self, what: str, advice: str, *, asked: float | None = None, tries: int = MANY
    ) -> None:
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.asked = asked
        self.tries = tries


def _silent(_seconds: float, _reason: str) -> None:
    pass


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long one request or download may spend waiting; `on_wait` is called from any thread."""

    seconds: float = 120.0  # all waits of one request or download together
    on_wait: Callable[[float, str], None] = _silent  # seconds, reason
    sleep: Callable[[float], None] = time.sleep


class Waits:
    """The waits of one request or download: counts them and ends them."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        self._failures = 0  # since something was last achieved
        self._tries = 0
        self._waited = 0.0

    def achieved(self) -> None:
        """Note that bytes have come: the next failure is a first one, the total stays."""
        self._failures = 0

    def pause(self, setback: Setback) -> None:
        """Wait before the next try.

        Raises:
            Unreachable: it was tried often enough, or waiting on would take too long.
        """
        self._tries += 1
        self._failures += 1
        seconds = delay(self._failures, setback.asked, _spread())
        left = self._patience.seconds - self._waited
        if self._failures >= setback.tries or seconds > left:
            raise self._given_up(setback, left) from setback
        self._waited += seconds
        self._patience.on_wait(seconds, setback.what)
        self._patience.sleep(seconds)

    def _given_up(self, setback: Setback, left: float) -> Unreachable:
        if setback.asked is not None and setback.asked > left:
            wish = f"wants us to wait {setback.asked:.0f} s, longer than the {left:.0f} s allowed"
            return Unreachable(f"{setback.what}, and {wish}.\n{setback.advice}")
        if self._tries == 1:
            return Unreachable(f"{setback.what}.\n{setback.advice}")
        tries = f"Tried {self._tries} times in {self._waited:.0f} s."
        return Unreachable(f"{setback.what}.\n{tries} {setback.advice}")


def delay(failures: int, asked: float | None, spread: float) -> float:
    """Say how many seconds to wait after so many failures in a row.

    Args:
        failures: 1 after the first.
        asked: what the other side wants; never undercut.
        spread: 0.0 to 1.0, drawn by lot, so that parallel requests do not return all at once.
    """
    if asked is not None:
        return asked + spread * FIRST
    ceiling: float = min(LONGEST, FIRST * 2 ** (min(failures, 10) - 1))
    return ceiling * (1 + spread) / 2


def retry_after(value: str, now: datetime | None = None) -> float | None:
    """Read a Retry-After header in seconds; nothing where it makes no sense.

    Source: RFC 9110, section 10.2.3.
    """
    if _DIGITS.fullmatch(value.strip()):
        return float(value)
    try:
        date = parsedate_to_datetime(value)
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        seconds = (aware - (now or datetime.now(UTC))).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return max(0.0, seconds)
