"""Points in time as text that sorts: `2023-03-01T12:00:00Z`."""

from collections.abc import Iterable
from datetime import UTC, datetime

_KEPT_DAYS = 32
_NO_DATE = "0002"  # Go writes the year 1 where it has none


def instant(text: str) -> str:
    """Return an RFC 3339 time, or a date, in UTC and to the second; empty if it is neither."""
    try:
        moment = datetime.fromisoformat(text)
        return _written(moment.astimezone(UTC) if moment.tzinfo else moment)
    except (ValueError, OverflowError):  # the year 1 in a zone east of Greenwich
        return ""


def instant_of(moment: datetime) -> str:
    """Return a point in time, which has to know its zone, as such a text."""
    return _written(moment.astimezone(UTC))


def latest_days(instants: Iterable[str]) -> tuple[str, ...]:
    """Return the last instant of each of the latest days, newest first.

    Several, because some records say that they were changed in the future; which one counts can
    only be told when it is asked: `newest`.
    """
    last: dict[str, str] = {}
    for moment in instants:
        if moment > _NO_DATE:
            last[moment[:10]] = max(moment, last.get(moment[:10], ""))
    return tuple(sorted(last.values(), reverse=True)[:_KEPT_DAYS])


def newest(instants: Iterable[str], today: datetime) -> str:
    """Return the latest instant that is not in the future; empty if there is none."""
    now = instant_of(today)
    return max((moment for moment in instants if moment <= now), default="")


def _written(moment: datetime) -> str:
    return moment.replace(tzinfo=None, microsecond=0).isoformat() + "Z"
