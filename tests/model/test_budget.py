"""What one input may cost."""

import pytest

from hullguard.model import Budget, BudgetSpent, Limits


@pytest.mark.parametrize(
    ("limits", "cost", "sentence"),
    [
        (Limits(entries=2), {"entries": 3}, "layer 1: holds more entries than the limit allows"),
        (Limits(bytes=2), {"bytes_": 3}, "layer 1: holds more bytes than the limit allows"),
        (Limits(seconds=-1), {"entries": 1}, "layer 1: took longer to read than the limit allows"),
    ],
)
def test_going_beyond_a_limit_says_which(
    limits: Limits, cost: dict[str, int], sentence: str
) -> None:
    with pytest.raises(BudgetSpent, match=sentence):
        Budget(limits).spend("layer 1", **cost)


def test_what_was_spent_adds_up() -> None:
    budget = Budget(Limits(entries=3))
    budget.spend(entries=2)
    budget.spend(entries=1)
    with pytest.raises(BudgetSpent):
        budget.spend(entries=1)


def test_a_part_that_spends_everything_takes_nothing_from_the_others() -> None:
    whole = Budget(Limits(entries=3, bytes=3))
    with pytest.raises(BudgetSpent):
        whole.part().spend(entries=4)
    whole.part().spend(entries=3, bytes_=3)


def test_parts_share_the_time_and_the_memory() -> None:
    whole = Budget(Limits(memory=10))
    whole.part().keep("layer 1", 8)
    with pytest.raises(BudgetSpent, match="layer 2: tells more than the limit allows to keep"):
        whole.part().keep("layer 2", 3)
    assert whole.part().deadline == whole.deadline


def test_a_ratio_counts_only_from_its_floor_on() -> None:
    budget = Budget(Limits(ratio=10, ratio_floor=1000))
    budget.check_ratio("layer 1", packed=1, unpacked=1000)
    budget.check_ratio("layer 1", packed=200, unpacked=2000)
    with pytest.raises(BudgetSpent, match="unpacks to more than 10 times its size"):
        budget.check_ratio("layer 1", packed=199, unpacked=2000)
