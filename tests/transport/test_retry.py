"""How long to wait, how often to try, and when to give up."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Unreachable
from hullguard.transport.retry import Patience, Setback, Waits, delay, retry_after

NOW = datetime(2026, 5, 1, 12, 0, 0, tzinfo=UTC)
ADVICE = "Try again later."


def busy(asked: float | None = None, tries: int = 8) -> Setback:
    return Setback("registry.example is busy", ADVICE, asked=asked, tries=tries)


def pauses(patience: Patience, setbacks: Iterator[Setback] | list[Setback]) -> None:
    waits = Waits(patience)
    for setback in setbacks:
        waits.pause(setback)


def test_the_wait_doubles_up_to_half_a_minute() -> None:
    assert [delay(failures, None, 1.0) for failures in range(1, 10)] == [
        0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0,
    ]  # fmt: skip


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_the_wait_is_spread_over_its_upper_half(failures: int, spread: float) -> None:
    longest = delay(failures, None, 1.0)
    assert longest / 2 <= delay(failures, None, spread) <= longest


@given(st.floats(0, 1e6), st.floats(0, 1))
def test_a_wait_that_is_asked_for_is_never_undercut(asked: float, spread: float) -> None:
    assert asked <= delay(1, asked, spread) <= asked + 0.5


def test_every_wait_is_announced_with_its_reason() -> None:
    announced: list[str] = []
    slept: list[float] = []
    patience = Patience(on_wait=lambda _, reason: announced.append(reason), sleep=slept.append)
    pauses(patience, [busy(), busy()])
    assert announced == ["registry.example is busy"] * 2
    assert 0.75 <= sum(slept) <= 1.5


def test_it_gives_up_after_the_last_try() -> None:
    with pytest.raises(Unreachable) as raised:
        pauses(Patience(sleep=lambda _: None), [busy(tries=2)] * 2)
    assert str(raised.value).startswith("registry.example is busy.\nTried 2 times in ")
    assert str(raised.value).endswith(f" s. {ADVICE}")


def test_what_can_be_tried_but_once_says_nothing_of_tries() -> None:
    with pytest.raises(Unreachable, match=r"^registry\.example is busy\.\nTry again later\.$"):
        pauses(Patience(), [busy(tries=1)])


def test_it_gives_up_when_patience_ends() -> None:
    slept: list[float] = []
    with pytest.raises(Unreachable, match="wants us to wait 40 s, longer than the"):
        pauses(Patience(seconds=100, sleep=slept.append), [busy(asked=40)] * 3)
    assert 80 <= sum(slept) <= 100


def test_progress_makes_the_next_failure_a_first_one_but_patience_still_ends() -> None:
    slept: list[float] = []
    waits = Waits(Patience(seconds=5, sleep=slept.append))
    with pytest.raises(Unreachable):  # noqa: PT012 (each turn is the same)
        while True:
            waits.pause(busy(tries=2))
            waits.achieved()
    assert 4.5 <= sum(slept) <= 5
    assert max(slept) <= 0.5


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Fri, 01 May 2026 12:01:30 GMT", 90.0),
        ("Fri, 01 May 2026 11:00:00 GMT", 0.0),
        ("Fri, 01 May 2026 12:00:10 -0000", 10.0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e3", None),
        ("9" * 5000, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=60))
def test_no_retry_after_makes_it_raise(value: str) -> None:
    assert (retry_after(value, NOW) or 0.0) >= 0.0
