from scoring.ml.training.budget import Budget, default_budget


def test_it_is_a_minute_up_to_50_000_rows_and_in_proportion_beyond():
    assert default_budget(10) == default_budget(50_000) == 60
    assert default_budget(1_000_000) == 1200


def test_it_keeps_a_part_for_what_follows_the_search():
    now = [100.0]
    budget = Budget(10.0, clock=lambda: now[0])
    assert not budget.is_spent
    now[0] = 106.9
    assert not budget.is_spent
    now[0] = 107.0
    assert budget.is_spent
    assert not budget.is_over
    now[0] = 110.0
    assert budget.is_over


def test_without_a_limit_it_is_never_spent():
    now = [0.0]
    budget = Budget(clock=lambda: now[0])
    now[0] = 1e9
    assert not budget.is_spent
    assert not budget.is_over
