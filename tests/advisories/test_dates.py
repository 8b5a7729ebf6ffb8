"""Times as text that sorts, and dates that lie in the future."""

from datetime import UTC, datetime

import pytest

from hullguard.advisories.dates import instant, latest_days, newest

TODAY = datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2023-03-01T12:00:00Z", "2023-03-01T12:00:00Z"),
        ("2024-03-06T10:51:48.668Z", "2024-03-06T10:51:48Z"),
        ("2024-10-10T12:04:24.575063301Z", "2024-10-10T12:04:24Z"),
        ("2023-03-01T01:00:00+02:00", "2023-02-28T23:00:00Z"),
        ("2023-03-01", "2023-03-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+05:00", ""),
        ("next week", ""),
        ("", ""),
    ],
)
def test_times_are_written_in_one_way(text: str, written: str) -> None:
    assert instant(text) == written


def test_a_date_in_the_future_is_passed_over() -> None:
    dates = ["2027-07-09T00:00:00Z", "2026-08-01T10:00:00Z", "2026-08-01T09:00:00Z"]
    days = latest_days([*dates, "", "0001-01-01T00:00:00Z"])
    assert days == ("2027-07-09T00:00:00Z", "2026-08-01T10:00:00Z")
    assert newest(days, TODAY) == "2026-08-01T10:00:00Z"
    assert newest((), TODAY) == ""
