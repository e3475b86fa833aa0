"""Outcomes correct the scorecard until there are enough for a model; then the gate decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from crm.models import Lead, Outcome
from crm.services import LeadData, OutcomeData, leads_upsert, outcomes_record
from scoring import registry
from scoring.dataset import features_of
from scoring.errors import NotEnoughData
from scoring.learned import learned_of
from scoring.ml.judging.bootstrap import Interval
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, Prediction, Scorecard, ScorecardRule
from scoring.scorecards import first_champion
from scoring.services import retrain
from scoring.services.card_report import card_report_json, card_report_text
from scoring.services.corrected_card import scorecard_correct
from scoring.services.due import retrain_is_due
from scoring.services.rescore import leads_rescore
from scoring.services.retrain import model_retrain
from scoring.services.scorecard import scorecard_publish
from tests.scoring.crowd import SOMEONE, TODAY, add_crowd
from tests.scoring.trained import held_back, trained
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2024, 1, 1)


@pytest.fixture
def wrong_card() -> Scorecard:
    """A card that is sure of what is not so: that technology buys."""
    card = Scorecard.objects.create(average_points=10)
    ScorecardRule.objects.create(
        scorecard=card, column="industry", kind="one-of", value="Technology", points=20
    )
    scorecard_publish(scorecard=card, user=None)
    return card


def add_world(count: int, *, seed: int = 0) -> None:
    """Half the leads are in technology; of those 5 % are won, of the others 30 %."""
    rng = np.random.default_rng(seed)
    tech = rng.integers(0, 2, count)
    won = rng.random(count) < np.where(tech, 0.05, 0.30)
    days = [FIRST_DAY + timedelta(days=number * 700 // count) for number in range(count)]
    leads = [
        LeadData(
            external_id=f"w{number}",
            industry="Technology" if tech[number] else "Retail",
            seen_on=day,
        )
        for number, day in enumerate(days)
    ]
    leads_upsert(leads=leads, source=Lead.Source.IMPORT, actor=SOMEONE)
    outcomes = [
        OutcomeData(
            external_id=f"w{number}",
            result=Outcome.Result.WON if won[number] else Outcome.Result.LOST,
            occurred_on=day + timedelta(days=5),
        )
        for number, day in enumerate(days)
    ]
    outcomes_record(outcomes=outcomes, source=Lead.Source.IMPORT, actor=SOMEONE)


def said() -> tuple[float, float]:
    """What `auto` says of a technology and of another lead."""
    leads = [LeadFeatures(industry="Technology"), LeadFeatures(industry="Retail")]
    tech, retail = registry.champion().scorer.probabilities(leads, [TODAY] * 2).tolist()
    return tech, retail


def test_with_10_outcomes_the_scorecard_still_leads_with_1000_the_data_does(wrong_card):
    add_world(10)
    learned = scorecard_correct(why="Too few.", today=TODAY).learned
    tech, retail = said()
    assert tech > retail
    assert learned.share < 0.5
    Lead.objects.all().delete()
    add_world(1_000)
    learned = scorecard_correct(why="Too few.", today=TODAY).learned
    tech, retail = said()
    assert tech == pytest.approx(0.05, abs=0.03)
    assert retail == pytest.approx(0.30, abs=0.06)
    assert learned.share > 0.9


@pytest.mark.parametrize(("result", "level"), [("won", "high"), ("lost", "low")])
def test_it_warns_where_all_outcomes_are_alike(wrong_card, result, level):
    add_world(40)
    Outcome.objects.update(result=result)
    report = scorecard_correct(why="Too few.", today=TODAY)
    said = f"without them each score is too {level}."
    assert said in card_report_text(report)
    assert said in card_report_json(report)["warnings"][0]


def test_it_warns_of_nothing_where_outcomes_differ_or_are_few(wrong_card):
    add_world(40)
    assert card_report_json(scorecard_correct(why="Too few.", today=TODAY))["warnings"] == []
    Outcome.objects.update(result="won")
    Lead.objects.exclude(external_id__in=["w0", "w1"]).delete()
    assert card_report_json(scorecard_correct(why="Too few.", today=TODAY))["warnings"] == []


def test_what_was_said_can_be_said_again_after_every_correction(wrong_card):
    add_world(20)
    Lead.objects.create(external_id="open", industry="Technology", seen_on=date(2026, 5, 1))
    leads_rescore(day=TODAY)
    scorecard_correct(why="Too few.", today=TODAY)
    leads_rescore(day=TODAY)
    predictions = Prediction.objects.filter(lead__external_id="open").order_by("pk")
    assert len(predictions) == 2
    assert len({each.version_id for each in predictions}) == 2
    for each in predictions:
        assert each.lead is not None
        registry.forget_loaded()
        scorer = registry.load(each.version).scorer
        assert each.lead is not None
        (again,) = scorer.probabilities([features_of(each.lead)], [each.day])
        assert again == pytest.approx(each.probability, abs=1e-9)


def test_it_is_judged_where_there_is_something_to_judge_by(wrong_card):
    add_world(6)
    version = scorecard_correct(why="Too few.", today=TODAY).version
    assert "logLoss" not in version.metrics
    assert version.curves == {}
    Lead.objects.all().delete()
    add_world(200)
    version = scorecard_correct(why="Too few.", today=TODAY).version
    assert version.metrics["rocAuc"]["value"] is not None
    assert version.metrics["rows"] == 200
    assert version.curves["reliability"]
    assert version.segments


def test_without_promotion_the_champion_stays():
    add_crowd(20)
    first = first_champion()
    report = scorecard_correct(why="Too few.", promote=False, today=TODAY)
    assert report.promoted is None
    assert ModelVersion.objects.champion() == first


def test_it_is_no_step_back_from_a_learned_model():
    add_crowd(20)
    make_version(1, is_champion=True)
    with pytest.raises(NotEnoughData, match="Too few"):
        scorecard_correct(why="Too few.", today=TODAY)
    assert ModelVersion.objects.count() == 1


def test_the_base_rate_of_a_card_that_is_switched_off_is_corrected_too(wrong_card):
    card = Scorecard.objects.create(enabled=False, expected_percent=50)
    scorecard_publish(scorecard=card, user=None)
    add_world(300)
    version = scorecard_correct(why="Too few.", today=TODAY).version
    assert version.model_type == "base-rate"
    tech, retail = said()
    assert tech == retail == pytest.approx(0.175, abs=0.05)


def test_with_a_scorecard_only_one_new_outcome_makes_a_retrain_due():
    assert retrain_is_due().due
    add_crowd(5)
    scorecard_correct(why="Too few.", today=TODAY)
    assert not retrain_is_due(today=TODAY).due
    lead = Lead.objects.create(external_id="one-more")
    Outcome.objects.create(lead=lead, result="won")
    assert retrain_is_due(today=TODAY).due


def test_from_40_and_40_on_the_gate_has_the_scorecard_for_a_rival(wrong_card):
    add_crowd(300)
    report = model_retrain(model_types=["logistic-regression"], today=TODAY)
    gate = report.result.gate
    assert gate.against_champion is not None
    assert "the champion's" in gate.reason
    assert report.promoted is not None
    assert report.promoted.version.model_type == "logistic-regression"


def outcome_of_gate(monkeypatch, *, gain: float, against: float) -> ModelVersion:
    """Who answers after a retrain of all types that nothing passed."""
    result = held_back(trained())
    gate = replace(
        result.gate,
        gain=Interval(gain, gain - 0.1, gain + 0.1),
        against_champion=Interval(against, against - 0.1, against + 0.1),
    )
    monkeypatch.setattr(retrain, "train", lambda *_args, **_given: replace(result, gate=gate))
    model_retrain(today=TODAY)
    champion = ModelVersion.objects.champion()
    assert champion is not None
    return champion


def test_where_no_model_passes_the_scorecard_goes_on_corrected(monkeypatch):
    add_crowd(100)
    first = first_champion()
    champion = outcome_of_gate(monkeypatch, gain=-0.01, against=0.05)
    assert champion.model_type == "scorecard"
    assert champion.number > first.number
    assert learned_of(champion).leads == 100
    assert "goes on answering" in champion.promotion_reason


def test_where_the_scorecard_is_worse_than_the_base_rate_that_answers(monkeypatch):
    add_crowd(100)
    first_champion()
    champion = outcome_of_gate(monkeypatch, gain=-0.01, against=-0.05)
    assert champion.model_type == "base-rate"


def test_a_retrain_of_one_type_that_is_held_back_leaves_the_scorecard(monkeypatch):
    add_crowd(100)
    first = first_champion()
    monkeypatch.setattr(retrain, "train", lambda *_args, **_given: held_back(trained()))
    model_retrain(model_types=["logistic-regression"], today=TODAY)
    assert ModelVersion.objects.champion() == first


def test_a_learned_champion_has_the_corrected_scorecard_beside_it(wrong_card, monkeypatch):
    add_world(200)
    make_version(9, is_champion=False)
    monkeypatch.setattr(retrain, "train", lambda *_args, **_given: trained())
    report = model_retrain(today=TODAY)
    assert report.finalist.is_champion is False or report.promoted is not None
    card = report.versions[-1]
    assert card.model_type == "scorecard"
    assert learned_of(card).leads == 200
    assert card.metrics["measured_on"] == "backtest"
