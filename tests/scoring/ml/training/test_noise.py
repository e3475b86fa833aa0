"""Labels that are noise; over a hundred seeds: `python -m tests.benchmarks.quality.noise`."""

from functools import cache

from tests.benchmarks.quality.noise import Outcome, outcomes

TYPES = ("logistic-regression", "gradient-boosting")
SEEDS = 8


@cache
def found(signal: float) -> list[Outcome]:
    return list(outcomes(range(SEEDS), signal=signal, model_types=TYPES))


def test_noise_is_hardly_ever_promoted():
    assert sum(each.promoted for each in found(0.0)) <= 1


def test_the_interval_of_noise_nearly_always_holds_one_half():
    assert sum(each.auc_misses for each in found(0.0)) <= 2


def test_a_signal_in_as_few_leads_is_promoted():
    assert sum(each.promoted for each in found(2.0)) >= 7
    assert sum(each.auc_misses for each in found(2.0)) >= 7
