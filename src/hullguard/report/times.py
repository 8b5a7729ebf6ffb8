"""Points in time, as machines and as people read them."""

from datetime import UTC, datetime


def moment(text: str) -> datetime | None:
    """Return the time that an RFC 3339 text tells, in UTC; nothing if it tells none.

    Without an offset it is taken for UTC.
    """
    try:
        time = datetime.fromisoformat(text)
        return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one that leaves the calendar in UTC
        return None


def stamp(time: datetime) -> str:
    """Return the time as RFC 3339 in UTC, to the second: `2026-03-01T14:00:00Z`."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def restamped(text: str) -> str:
    """Return what `stamp` makes of a text that may be a time; empty if it is none."""
    time = moment(text)
    return stamp(time) if time else ""


def age(then: datetime, now: datetime) -> str:
    """Say when something was, seen from `now` and in its time zone: `yesterday 14:00`."""
    then = then.astimezone(now.tzinfo)
    days = (now.date() - then.date()).days
    if days in _NEAR:
        return f"{_NEAR[days]} {then:%H:%M}"
    return f"{then:%Y-%m-%d} ({days} days ago)" if days > 0 else f"{then:%Y-%m-%d}"


_NEAR = {0: "today", 1: "yesterday"}
