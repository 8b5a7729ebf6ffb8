"""The day until which an exception holds, that day included."""

import re
from datetime import date, timedelta

from hullguard.model import Malformed

_is_day = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII).fullmatch


def last_day(place: str, text: str) -> date:
    """Read a date.

    Raises:
        Malformed: it is not written as YYYY-MM-DD, or is no day of the calendar.
    """
    if _is_day(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise Malformed(place, f"`{text}` is no date; write it as YYYY-MM-DD")


def day_before(place: str, text: str) -> str:
    """Return the last day on which Trivy's exceptions hold: the one before their date.

    A time of day after the date does not count.

    Raises:
        Malformed: it is no date.
    """
    day = last_day(place, re.split("[T ]", text, maxsplit=1)[0])
    return str(day - timedelta(days=1)) if day > date.min else str(day)
