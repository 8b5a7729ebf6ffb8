"""Does the same to several things at once, and lets go of it at once."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")
Outcome = tuple[int, Result] | BaseException


def in_threads(
    work: Callable[[int], Result], numbers: Sequence[int], workers: int
) -> dict[int, Result]:
    """Return what the work made of each number; its first error is raised here.

    The threads are daemons, which those of an executor are not: a command that is interrupted
    ends without waiting for a download that hangs.
    """
    todo: SimpleQueue[int] = SimpleQueue()
    done: SimpleQueue[Outcome[Result]] = SimpleQueue()
    for number in numbers:
        todo.put(number)
    for _ in range(min(workers, len(numbers))):
        Thread(target=_run, args=(work, todo, done), daemon=True).start()
    try:
        return dict(_result(done.get()) for _ in numbers)
    finally:
        for _ in _taken(todo):  # after an error, nobody waits for the rest
            pass


def _run(
    work: Callable[[int], Result], todo: "SimpleQueue[int]", done: "SimpleQueue[Outcome[Result]]"
) -> None:
    for number in _taken(todo):
        try:
            done.put((number, work(number)))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            done.put(error)


def _taken(todo: "SimpleQueue[int]") -> Iterator[int]:
    with suppress(Empty):
        while True:
            yield todo.get_nowait()


def _result(outcome: Outcome[Result]) -> tuple[int, Result]:
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome
