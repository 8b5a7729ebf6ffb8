"""Points in time, as machines and as people read them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.report.times import age, moment, restamped, stamp

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-03-02T14:00:00Z", "2026-03-02T14:00:00Z"),
        ("2026-03-02T14:00:00.123456+02:00", "2026-03-02T12:00:00Z"),
        ("2026-03-02T14:00:00", "2026-03-02T14:00:00Z"),
        ("2026-03-02", "2026-03-02T00:00:00Z"),
        ("0001-01-01T00:00:00+14:00", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_texts_become_utc_or_nothing(text: str, told: str) -> None:
    assert restamped(text) == told


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    moment(text)


def test_a_time_is_stamped_in_utc() -> None:
    east = timezone(timedelta(hours=2))
    assert stamp(datetime(2026, 3, 2, 1, 0, 0, 5, tzinfo=east)) == "2026-03-01T23:00:00Z"


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (NOON - timedelta(minutes=5), "today 11:55"),
        (NOON - timedelta(days=1), "yesterday 12:00"),
        (NOON - timedelta(days=5), "2026-02-25 (5 days ago)"),
        (NOON + timedelta(days=400), "2027-04-06"),
    ],
)
def test_an_age_is_told_as_people_do(then: datetime, told: str) -> None:
    assert age(then, NOON) == told


def test_an_age_is_told_in_the_readers_time_zone() -> None:
    west = timezone(timedelta(hours=-8))
    now = datetime(2026, 3, 1, 23, 0, tzinfo=west)
    assert age(datetime(2026, 3, 2, 6, 0, tzinfo=UTC), now) == "today 22:00"
