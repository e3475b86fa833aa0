import pytest

from scoring.ml.training.budget import Budget, default_budget


def test_it_is_a_minute_up_to_50_000_rows_and_in_proportion_beyond():
    assert default_budget(10) == default_budget(50_000) == 60
    assert default_budget(1_000_000) == 1200


@pytest.mark.parametrize(
    ("passed", "spent", "over"),
    [(0.0, False, False), (6.9, False, False), (7.0, True, False), (10.0, True, True)],
)
def test_it_keeps_a_part_for_what_follows_the_search(passed, spent, over):
    times = iter([100.0, 100.0 + passed, 100.0 + passed])
    budget = Budget(10.0, clock=lambda: next(times))
    assert (budget.is_spent, budget.is_over) == (spent, over)


def test_without_a_limit_it_is_never_spent():
    now = [0.0]
    budget = Budget(clock=lambda: now[0])
    now[0] = 1e9
    assert not budget.is_spent
    assert not budget.is_over
