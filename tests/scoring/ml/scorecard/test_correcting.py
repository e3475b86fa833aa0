"""Outcomes correct the scorecard by Bayes' rule: few hardly, many whatever it said."""

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit

from scoring.ml.encoding.conditions import AT_LEAST, ONE_OF, Condition
from scoring.ml.examples import Examples
from scoring.ml.judging.metrics import measure
from scoring.ml.schema import LeadFeatures
from scoring.ml.scorecard.card import Card, Rule, card_scorer
from scoring.ml.scorecard.correcting import correct_card
from scoring.ml.scorecard.judging import judge_card
from scoring.ml.serving.engines import LinearEngine
from tests.scoring.ml.builders import FIRST_DAY, examples

NONE = frozenset({""})
TECH = LeadFeatures(industry="Tech", budget=0.0)
RETAIL = LeadFeatures(industry="Retail", budget=0.0)
# The card is sure that technology buys and that budget does not matter; both are wrong.
CARD = Card(
    rules=(
        Rule("industry", Condition(ONE_OF, words=("Tech",)), 20),
        Rule("budget", Condition(AT_LEAST, low=50_000), 0),
    ),
    expected_rate=0.2,
    average_points=10,
    points_to_double=20,
    certainty=2,
)


def truth(tech: np.ndarray, rich: np.ndarray) -> np.ndarray:
    """Retail buys, and so does money: the odds of technology are a quarter."""
    return np.asarray(expit(-0.5 - np.log(4) * tech + np.log(3) * rich))


def world(count: int, seed: int = 0) -> Examples:
    rng = np.random.default_rng(seed)
    tech, rich = rng.integers(0, 2, (2, count))
    return examples(
        {
            "industry": ["Tech" if each else "Retail" for each in tech],
            "budget": (rich * 60_000.0).tolist(),
        },
        label=(rng.random(count) < truth(tech, rich)).astype(int),
        day=FIRST_DAY + np.sort(rng.integers(0, 700, count)),
        known_after=30,
    )


def chances(card: Card, rows: Examples) -> tuple[float, float]:
    scorer = correct_card(card, rows, placeholders=NONE).scorer
    tech, retail = scorer.probabilities([TECH, RETAIL], [None, None]).tolist()
    return tech, retail


def test_without_outcomes_it_is_the_card_to_the_last_bit():
    corrected = correct_card(CARD, world(0), placeholders=NONE)
    plain = card_scorer(CARD, placeholders=NONE)
    leads, days = [TECH, RETAIL, LeadFeatures()], [None] * 3
    said = corrected.scorer.probabilities(leads, days)
    np.testing.assert_array_equal(said, plain.probabilities(leads, days))
    assert (corrected.learned.share, corrected.learned.leads) == (0.0, 0)


@pytest.mark.parametrize("seed", range(10))
def test_with_10_outcomes_the_card_leads_with_1000_the_data_does(seed):
    few, many = world(10, seed), world(1_000, seed)
    tech, retail = chances(CARD, few)
    assert tech > retail
    assert correct_card(CARD, few, placeholders=NONE).learned.share < 0.35
    tech, retail = chances(CARD, many)
    assert tech < retail
    assert correct_card(CARD, many, placeholders=NONE).learned.share > 0.85
    assert tech == pytest.approx(truth(np.array(1), np.array(0)), abs=0.12)
    assert retail == pytest.approx(truth(np.array(0), np.array(0)), abs=0.12)


def test_more_outcomes_teach_more():
    shares = [
        correct_card(CARD, world(count), placeholders=NONE).learned.share
        for count in (1, 10, 40, 160, 1_000)
    ]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.1


def test_a_card_that_is_surer_of_itself_learns_less():
    sure = Card(**{**vars(CARD), "certainty": 1.1})
    open_minded = Card(**{**vars(CARD), "certainty": 10})
    shares = [
        correct_card(each, world(100), placeholders=NONE).learned.share
        for each in (sure, CARD, open_minded)
    ]
    assert shares == sorted(shares)


def test_it_finds_the_highest_point_that_an_optimizer_finds():
    rows = world(200)
    scorer = correct_card(CARD, rows, placeholders=NONE).scorer
    X = np.column_stack([scorer.encoder.transform(rows.features), np.ones(len(rows))])
    before = np.append(CARD.weights(), CARD.bias)

    def lowness(at: np.ndarray) -> float:
        odds = X @ at
        prior = np.sum((at - before) ** 2) / (2 * CARD.prior_deviation**2)
        return float(prior - rows.weight @ (rows.label * odds - np.logaddexp(0, odds)))

    found = minimize(lowness, before, tol=1e-12).x
    engine = scorer.engine
    assert isinstance(engine, LinearEngine)
    np.testing.assert_allclose([*engine.weights, *engine.bias], found, atol=1e-4)


@pytest.mark.parametrize("label", [0, 1])
def test_outcomes_of_one_kind_only_are_no_trouble(label):
    rows = world(50)
    rows = Examples(**{**vars(rows), "label": np.full(50, label, dtype=np.int8)})
    tech, retail = chances(CARD, rows)
    assert 0 < retail < 1
    assert 0 < tech < 1


def test_a_rule_that_held_of_nobody_stays_what_it_was():
    rows = world(100)
    rows.features["budget"] = 0.0
    engine = correct_card(CARD, rows, placeholders=NONE).scorer.engine
    assert isinstance(engine, LinearEngine)
    assert engine.weights[1] == CARD.weights()[1]


def test_a_lead_with_many_rows_teaches_as_much_as_one_row_would():
    once = world(40)
    twice = examples(
        {name: [*once.features[name], *once.features[name]] for name in ("industry", "budget")},
        label=np.tile(once.label, 2),
        lead=[*range(40), *range(40)],
    )
    assert chances(CARD, twice) == pytest.approx(chances(CARD, once))


def test_it_is_judged_by_predictions_made_before_each_outcome_was_known():
    rows = world(1_000)
    found = judge_card(CARD, rows, placeholders=NONE, seed=0)
    assert found is not None
    assert len(found.judged.label) == 1_000
    metrics = measure(found.judged, threshold=0.2, measured_on="backtest", seed=0)
    assert metrics["logLossGain"]["low"] > 0
    # Labels that are shuffled after the fact leave nothing to be better by.
    rng = np.random.default_rng(1)
    noise = Examples(**{**vars(rows), "label": rng.permutation(rows.label)})
    found = judge_card(CARD, noise, placeholders=NONE, seed=0)
    assert found is not None
    metrics = measure(found.judged, threshold=0.2, measured_on="backtest", seed=0)
    assert metrics["rocAuc"]["low"] < 0.5


def test_where_days_are_unknown_other_leads_teach():
    rows = world(300)
    undated = examples(
        {name: rows.features[name].tolist() for name in ("industry", "budget")}, label=rows.label
    )
    found = judge_card(CARD, undated, placeholders=NONE, seed=0)
    assert found is not None
    assert sorted(found.judged.lead) == list(range(300))
    # Each judged row stands beside its own lead's fields.
    own = undated.features["industry"].to_numpy()[found.judged.lead]
    assert found.features["industry"].tolist() == own.tolist()


def test_a_handful_of_outcomes_is_nothing_to_judge_by():
    assert judge_card(CARD, world(6), placeholders=NONE, seed=0) is None
