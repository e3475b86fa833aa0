import numpy as np

from scoring.ml.judging.judged import Judged
from scoring.ml.training.backtest import Candidate, choose


def candidate(name: str, probability: np.ndarray, label: np.ndarray) -> Candidate:
    n = len(label)
    judged = Judged(
        probability=probability,
        base=np.full(n, 0.5),
        chosen=probability > 0.5,
        label=label,
        weight=np.ones(n),
        lead=np.arange(n),
    )
    return Candidate(name, {}, tuple(np.split(probability, 4)), "none", judged, None)


def test_it_takes_the_best_if_it_is_clearly_better():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.05, 0.95, 4000)
    label = (rng.random(4000) < truth).astype(np.int8)
    simple = candidate("simple", np.full(4000, 0.5), label)
    involved = candidate("involved", truth, label)
    assert choose([simple, involved], seed=0) is involved


def test_it_takes_the_simpler_of_two_that_chance_cannot_tell_apart():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.05, 0.95, 4000)
    label = (rng.random(4000) < truth).astype(np.int8)
    # A whisker nearer to what happened, no more than noise could be.
    lucky = np.clip(truth + 0.0072 * (2 * label - 1) + rng.normal(0, 0.06, 4000), 0.02, 0.98)
    simple, involved = candidate("simple", truth, label), candidate("involved", lucky, label)
    gain = (simple.judged.loss - involved.judged.loss).mean()
    assert 0 < gain < 0.01
    assert choose([simple, involved], seed=0) is simple


def test_it_takes_the_simpler_if_the_other_was_better_in_one_period_only():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.05, 0.95, 4000)
    label = (rng.random(4000) < truth).astype(np.int8)
    flat = np.full(4000, 0.5)
    once = np.where(np.arange(4000) < 1000, truth, flat)
    simple, involved = candidate("simple", flat, label), candidate("involved", once, label)
    assert choose([simple, involved], seed=0) is simple
