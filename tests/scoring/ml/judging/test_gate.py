from dataclasses import replace

import numpy as np
import pytest

from scoring.ml.judging.gate import TOLERANCE, Rival, decide
from scoring.ml.judging.judged import Judged

ROWS = 3000


def judged(*, knows: float, base: float | None = None) -> tuple[Judged, np.ndarray]:
    """A model that knows a share of the truth, and the truth."""
    rng = np.random.default_rng(0)
    truth = np.where(np.arange(ROWS) % 2, 0.6, 0.1)
    label = (rng.random(ROWS) < truth).astype(np.int8)
    probability = truth.mean() + knows * (truth - truth.mean())
    rows = Judged(
        probability=probability,
        base=np.full(ROWS, truth.mean() if base is None else base),
        chosen=probability > 0.3,
        label=label,
        weight=np.ones(ROWS),
        lead=np.arange(ROWS),
    )
    return rows, truth


def test_it_passes_a_model_that_is_surely_better_than_none():
    decision = decide(judged(knows=0.9)[0], None, where="the newest slice", seed=0)
    assert decision.promote
    assert decision.gain.low > 0
    assert decision.against_champion is None
    assert "% lower (95 % sure: " in decision.reason


def test_it_holds_back_a_model_that_turns_the_truth_round_and_says_how_much_worse():
    decision = decide(judged(knows=-0.5)[0], None, where="the newest slice", seed=0)
    assert not decision.promote
    assert decision.reason.startswith("Held back: the model is no better than no model")
    assert "% higher (95 % sure: " in decision.reason


def test_it_holds_back_a_gain_that_may_be_chance():
    rows, _ = judged(knows=0.0)
    guess = rows.probability + np.random.default_rng(2).normal(0, 0.005, ROWS)
    decision = decide(replace(rows, probability=guess), None, where="the newest slice", seed=0)
    assert decision.gain.low < 0 < decision.gain.high
    assert not decision.promote


@pytest.mark.parametrize(("knows", "promote"), [(0.9, True), (0.5, False)])
def test_it_allows_a_whisker_behind_the_champion_and_no_more(knows, promote):
    rows, truth = judged(knows=knows)
    decision = decide(rows, Rival(truth, "artifact"), where="the newest slice", seed=0)
    allowed = TOLERANCE * float(rows.base_loss.mean())
    assert decision.promote is promote
    assert decision.against_champion is not None
    assert (decision.against_champion.high <= allowed) is promote
    assert decision.against_champion.value > 0
    assert "the champion's" in decision.reason


def test_it_passes_the_champions_equal():
    rows, _ = judged(knows=0.8)
    decision = decide(rows, Rival(rows.probability, "recipe"), where="the slice", seed=0)
    assert decision.promote
    assert "It is the same as the champion's" in decision.reason


def test_it_gives_the_same_decision_again():
    rows, truth = judged(knows=0.7)
    first, again = (decide(rows, Rival(truth, "artifact"), where="x", seed=5) for _ in range(2))
    assert first == again


def few(knows: float, rows: int, skip: int = 0) -> Judged:
    every, _ = judged(knows=knows)
    here = slice(skip, skip + rows)
    return Judged(**{name: getattr(every, name)[here] for name in Judged.__dataclass_fields__})


def test_where_the_newest_leads_are_few_the_backtest_counts_beside_them():
    newest, before = few(0.4, 16, skip=300), few(0.4, 300)
    alone = decide(newest, None, where="the newest slice", seed=0)
    assert alone.gain.low <= 0 < alone.gain.value
    assert not alone.promote
    both = decide(newest, None, backtest=before, where="the newest slice", seed=0)
    assert both.promote
    assert both.beats_base_rate
    assert both.with_backtest is not None
    assert both.with_backtest.low > 0
    assert "with the backtest's later leads beside them" in both.reason


def test_a_backtest_does_not_make_up_for_newest_leads_it_did_worse_on():
    worse, before = few(-0.4, 60), few(0.9, 1000, skip=60)
    decision = decide(worse, None, backtest=before, where="the newest slice", seed=0)
    assert decision.gain.value < 0
    assert not decision.promote
    assert decision.with_backtest is None
