import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sklearn.metrics import log_loss

from scoring.ml.errors import TooFewExamples
from scoring.ml.examples import Examples
from scoring.ml.model_types import MODEL_TYPES
from scoring.ml.serving import artifact
from scoring.ml.training.results import ChampionRecipe, TrainingResult
from scoring.ml.training.train import train
from tests.scoring.ml import builders
from tests.scoring.ml.made import leads
from tests.scoring.ml.real_data import PLACEHOLDERS, salvirt


@pytest.fixture(scope="module")
def examples() -> Examples:
    return leads(1200)


@pytest.fixture(scope="module")
def result(examples) -> TrainingResult:
    return train(examples, window_days=60)


def champion_of(result: TrainingResult, trained_to: date | None) -> ChampionRecipe:
    finalist = result.finalist
    return ChampionRecipe(finalist.model_type, finalist.recipe, finalist.scorer, trained_to)


def test_it_trains_every_type_and_judges_the_finalist_on_the_newest_slice(result):
    types = [model.model_type for model in result.models]
    assert types[: len(MODEL_TYPES)] == list(MODEL_TYPES)
    for model in result.models:
        where = "newest slice" if model is result.finalist else "backtest"
        assert model.metrics["measured_on"] == where
        assert model.beats_base_rate
        assert 0.7 < model.metrics["rocAuc"]["value"] < 0.9


def test_it_finds_what_decides_and_not_the_noise(result):
    for model in result.models:
        values = {each["name"]: each["value"] for each in model.importance}
        assert sum(values.values()) == pytest.approx(1)
        assert values["Noise"] < 0.1
        assert min(values["Budget"], values["Industry"], values["Interactions"]) > 0.1


def test_it_gives_json_without_nan(result):
    for model in result.models:
        told = [model.metrics, model.curves, model.importance, model.segments, model.recipe]
        json.dumps([*told, result.split.to_json()], allow_nan=False)


def test_it_passes_the_gate_with_a_reason_in_figures(result):
    assert result.gate.promote
    assert result.gate.gain.low > 0
    assert result.gate.reason.startswith("Passed: on the newest slice its error is")
    assert result.gate.reason.endswith("No model was chosen before it.")


def test_it_serves_probabilities_that_come_true(result):
    later = leads(4000, seed=9)
    share = later.label.mean()
    for model in result.models:
        said = model.scorer.probabilities_of_frame(later.features)
        assert said.mean() == pytest.approx(share, abs=0.04)
        assert log_loss(later.label, said) < 0.9 * log_loss(later.label, np.full(4000, share))


def test_it_gives_the_same_result_again(examples, result):
    again = train(examples, window_days=60, model_types=["gradient-boosting", "random-forest"])
    for model in again.models[:2]:
        first = next(each for each in result.models if each.model_type == model.model_type)
        assert artifact.dumps(model.scorer) == artifact.dumps(first.scorer)


def test_it_judges_a_champion_by_its_artifact_if_it_is_older_than_the_slice(examples, result):
    cut = np.datetime64(result.split.cut)
    older = train(
        examples.take(examples.known_on <= cut),
        window_days=60,
        model_types=["logistic-regression"],
    )
    champion = champion_of(older, examples.day[examples.known_on <= cut].max().item())
    gate = train(
        examples, window_days=60, model_types=["logistic-regression"], champion=champion
    ).gate
    assert gate.champion_judged_by == "artifact"
    assert gate.promote
    assert "it had not learned from these leads" in gate.reason


def test_it_lets_the_recipe_stand_in_for_a_champion_that_has_seen_the_slice(examples, result):
    champion = champion_of(result, examples.day.max().item())
    gate = train(examples, window_days=60, champion=champion).gate
    assert gate.champion_judged_by == "recipe"
    assert gate.against_champion is not None
    assert gate.against_champion.value == gate.against_champion.high == 0
    assert gate.promote
    assert "its recipe was fitted again" in gate.reason


@pytest.mark.parametrize(
    ("model_type", "recipe"),
    [
        ("logistic-regression", {"penalty": 3}),
        ("oracle", {}),
        ("blend", {"members": [{"model_type": "oracle", "settings": {}, "weight": 1.0}]}),
        ("blend", {}),
    ],
)
def test_it_judges_a_champion_whose_recipe_it_does_not_know_as_it_is(
    examples, result, model_type, recipe
):
    known = champion_of(result, examples.day.max().item())
    champion = replace(known, model_type=model_type, recipe=recipe)
    gate = train(
        examples, window_days=60, model_types=["logistic-regression"], champion=champion
    ).gate
    assert gate.champion_judged_by == "artifact that saw them"
    assert "its recipe is none that can be fitted again" in gate.reason


def test_it_lets_a_blend_stand_in_for_itself(mixed):
    """Judged again by its own recipe, on other rows than those that its weights are from."""
    blend, rows = mixed
    champion = ChampionRecipe("blend", blend.finalist.recipe, blend.finalist.scorer, None)
    gate = train(rows, window_days=60, model_types=["logistic-regression"], champion=champion).gate
    assert gate.champion_judged_by == "recipe"
    assert gate.against_champion is not None
    assert abs(gate.against_champion.value) < 0.1


@pytest.fixture(scope="module")
def mixed() -> tuple[TrainingResult, Examples]:
    """Leads that no single type gets right, and what came of training on them."""
    rows = leads(1500, interaction=1.0)
    return train(rows, window_days=60, model_types=MODEL_TYPES[:3]), rows


def test_it_answers_with_a_blend_where_each_type_knows_something(mixed):
    result, _ = mixed
    blend = result.finalist
    assert blend.model_type == "blend"
    assert blend is result.models[-1]
    weights = [each["weight"] for each in blend.recipe["members"]]
    assert len(weights) >= 2
    assert sum(weights) == pytest.approx(1)
    assert blend.metrics["measured_on"] == "newest slice"
    assert blend.backtest["measured_on"] == "backtest"
    singles = [each.backtest["logLoss"]["value"] for each in result.models[:-1]]
    assert blend.backtest["logLoss"]["value"] < min(singles)


def test_a_blend_knows_its_own_recipe_again_from_the_database(mixed):
    """So that a retrain on the same rows compares it with itself and does not search anew."""
    recipe = mixed[0].finalist.recipe
    assert json.loads(json.dumps(recipe)) == recipe


def test_a_stored_blend_says_the_same_and_its_reasons_add_up(mixed):
    result, rows = mixed
    scorer = result.finalist.scorer
    data = artifact.dumps(scorer)
    again = artifact.loads(data, sha256=artifact.sha256(data))
    said = scorer.probabilities_of_frame(rows.features[:50])
    assert (again.probabilities_of_frame(rows.features[:50]) == said).all()
    X = again.encoder.transform(rows.features[:50])
    points = again.explainer.explain(X, said).points
    assert points.base + points.values.sum(axis=1) == pytest.approx(100 * said, abs=1e-6)


def test_out_of_time_it_leaves_out_the_most_involved_types_and_says_so(examples):
    told = train(examples, window_days=60, budget=0.0)
    assert [model.model_type for model in told.models] == ["logistic-regression"]
    assert told.models[0].recipe == {"spread": 0.02}
    (warning,) = told.warnings
    assert warning.startswith("There was no time for random-forest, gradient-boosting, neural-")
    assert "--budget" in warning


def test_it_holds_back_a_model_without_the_columns_that_the_champion_has(examples, result):
    cut = np.datetime64(result.split.cut)
    champion = champion_of(result, cut.item())
    gate = train(
        examples,
        window_days=60,
        model_types=["logistic-regression"],
        drop=["industry", "budget"],
        champion=champion,
    ).gate
    assert gate.beats_base_rate
    assert not gate.promote
    assert gate.reason.startswith("Held back: on the newest slice")
    assert "at worst 2% higher is allowed" in gate.reason


def test_it_holds_back_a_model_of_noise():
    gate = train(leads(600, signal=0.0), window_days=60, model_types=["random-forest"]).gate
    assert not gate.promote
    assert "always naming the share won so far" in gate.reason


def test_it_quarantines_a_leaking_column_and_keeps_it_on_request(examples):
    columns = examples.features.assign(
        **{"attributes.call_seconds": examples.label * 100.0 + np.arange(len(examples)) % 120}
    )
    leaking = replace(examples, features=columns)
    types = ["logistic-regression"]
    careful = train(leaking, window_days=60, model_types=types)
    kept = train(leaking, window_days=60, model_types=types, keep=["call_seconds"])
    assert [leak.column for leak in careful.leaks] == ["attributes.call_seconds"]
    assert "Call Seconds" not in {each["name"] for each in careful.finalist.importance}
    assert kept.finalist.importance[0]["name"] == "Call Seconds"
    assert any("Call Seconds" in warning for warning in kept.warnings)


def test_it_says_that_it_judged_without_time():
    told = train(leads(300, window=None), window_days=60, model_types=["logistic-regression"])
    assert not told.split.by_time
    assert told.finalist.metrics["measured_on"] == "held-out groups"
    assert told.split.reason in told.warnings


def test_it_refuses_too_few_leads_of_one_class():
    few = leads(900, rows_a_lead=2)
    won = np.flatnonzero(few.label)
    few = few.take(np.concatenate([np.flatnonzero(few.label == 0), won[: 2 * 39]]))
    with pytest.raises(TooFewExamples, match=r"there are 39 and \d+"):
        train(few, window_days=60)


def test_it_names_what_seems_to_know_too_much_where_too_little_is_left_to_judge_by():
    random = np.random.default_rng(2)
    label = random.integers(0, 2, 400)
    leaking = builders.examples(
        {
            "industry": random.choice(["Bank", "IT", "Retail"], 400).tolist(),
            "call_seconds": (label * 5 + random.normal(0, 1, 400)).tolist(),
        },
        label=label,
    )
    types = ["logistic-regression"]
    with pytest.raises(TooFewExamples, match=r"Only 3 .* too much: call_seconds\. .* --keep COL"):
        train(leaking, window_days=60, model_types=types)
    train(leaking, window_days=60, model_types=types, keep=["call_seconds"])


def test_it_refuses_leads_that_no_column_tells_apart():
    alike = leads(400)
    alike.features[["budget", "interactions"]] = np.nan
    alike.features[["industry", "attributes.noise"]] = None
    with pytest.raises(TooFewExamples, match="nothing to learn from"):
        train(alike, window_days=60)


def test_it_names_the_types_there_are():
    with pytest.raises(ValueError, match="logistic-regression, random-forest"):
        train(leads(200), window_days=60, model_types=["oracle"])


def test_it_tells_how_far_it_is(examples):
    told: list[tuple[str, float]] = []
    train(
        examples,
        window_days=60,
        model_types=["logistic-regression"],
        progress=lambda stage, share: told.append((stage, share)),
    )
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[-1] == 1


def test_it_learns_real_opportunities_without_dates():
    told = train(salvirt(), window_days=90, placeholders=PLACEHOLDERS)
    assert not told.split.by_time
    assert told.gate.promote
    for model in told.models:
        assert model.metrics["rocAuc"]["value"] > 0.75
        assert model.metrics["logLoss"]["value"] < 0.58
