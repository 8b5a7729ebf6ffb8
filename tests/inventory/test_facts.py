"""What is kept of an analyzer's findings, and what becomes of its failures."""

from collections.abc import Callable, Iterator

import pytest

from hullguard.inventory.analyzer import Analyzer, File, Found, Outcome, Owns
from hullguard.inventory.facts import BUG_ADVICE, FileFacts, Ownership, learn
from hullguard.model import Budget, BudgetSpent, Distro, Gap, GapKind, Limits, Malformed, Package

ROW = Analyzer(name="example", version=1, module="")
FILE = File(path="a/b", data=b"")
SIX = Package(type="pypi", name="six", version="1")


def run(
    *outcomes: Outcome, then: BaseException | None = None, limits: Limits | None = None
) -> FileFacts:
    """Run an analyzer that yields these, and then fails."""

    def read(_file: File, _budget: Budget) -> Iterator[Outcome]:
        yield from outcomes
        if then:
            raise then

    return learn(ROW, read, FILE, Budget(limits))


def test_everything_that_is_yielded_is_kept() -> None:
    distro = Distro(id="debian")
    owns = Owns("bash", "amd64", ("bin/bash", "usr/share/doc/bash/copyright"))
    assert run(Found(SIX), distro, owns, Gap("record 3", "is broken")) == FileFacts(
        path="a/b",
        analyzer="example",
        packages=(SIX,),
        owned=(Ownership("bash", "amd64", ("bin/bash",)),),
        distros=(distro,),
        gaps=(Gap("a/b, record 3", "is broken"),),
    )


@pytest.mark.parametrize(
    ("fault", "gap"),
    [
        (Malformed("a/b", "is no JSON"), Gap("a/b", "is no JSON")),
        (Malformed("line 3", "is no pin"), Gap("a/b, line 3", "is no pin")),
        (BudgetSpent("a/b", "is too much"), Gap("a/b", "is too much", GapKind.INCOMPLETE)),
        (OSError(5, "failed"), Gap("a/b", "cannot be read (failed)", GapKind.INCOMPLETE)),
    ],
)
def test_a_failure_is_a_gap_and_what_was_found_before_is_kept(fault: Exception, gap: Gap) -> None:
    assert run(Found(SIX), then=fault) == FileFacts(
        path="a/b", analyzer="example", packages=(SIX,), gaps=(gap,)
    )


BUGS: list[tuple[Exception, str]] = [
    (KeyError("version"), "KeyError: 'version'"),
    (RecursionError("maximum recursion depth exceeded"), "RecursionError: maximum recursion"),
    (MemoryError(), "MemoryError: "),
    (ValueError("Exceeds the limit (4300 digits)"), "ValueError: Exceeds the limit"),
    (AssertionError("x" * 5000), "AssertionError: xxx"),
]


@pytest.mark.parametrize(("bug", "named"), BUGS)
def test_a_mistake_in_an_analyzer_is_a_gap_that_names_analyzer_file_and_error(
    bug: Exception, named: str
) -> None:
    facts = run(Found(SIX), then=bug)
    assert facts.packages == (SIX,)
    [gap] = facts.gaps
    assert (gap.where, gap.kind, gap.advice) == ("a/b", GapKind.INCOMPLETE, BUG_ADVICE)
    assert gap.why.startswith(f"the analyzer example failed on it ({named}")
    assert len(gap.why) < 300
    assert not facts.complete  # and so it is not cached


def test_an_analyzer_that_yields_nonsense_is_a_gap_too() -> None:
    [gap] = run(5).gaps  # type: ignore[arg-type]
    assert "AttributeError" in gap.why


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_who_wants_to_stop_may_stop(end: Callable[[], BaseException]) -> None:
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        run(then=end())


def test_of_very_many_gaps_the_first_hundred_and_their_number_are_kept() -> None:
    gaps = run(*(Gap(f"record {n}", "is broken") for n in range(1000))).gaps
    assert len(gaps) == 101
    assert gaps[99].where == "a/b, record 99"
    assert gaps[100] == Gap("a/b", "900 more of its records could not be read")


@pytest.mark.parametrize(
    "outcome",
    [
        Found(Package(type="pypi", name="x" * 20_000, version="1")),
        Found(Package(type="pypi", name="x", version="1" * 20_000)),
        Found(SIX, ("usr/bin/" + "x" * 20_000,)),
        Owns("six", "", tuple(f"usr/bin/{n}" for n in range(1000))),
    ],
)
def test_what_is_kept_takes_memory(outcome: Outcome) -> None:
    gap = Gap("a/b", "tells more than the limit allows to keep", GapKind.INCOMPLETE)
    assert run(outcome, limits=Limits(memory=20_000)).gaps == (gap,)
    assert run(Found(SIX), limits=Limits(memory=20_000)).complete
