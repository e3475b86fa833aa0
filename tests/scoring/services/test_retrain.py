from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from scoring import registry
from scoring.caution import caution_of
from scoring.errors import NotEnoughData, RetrainRunning
from scoring.locks import retrain_lock
from scoring.ml.model_types import BASE_RATE
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelArtifact, ModelVersion, Promotion
from scoring.services import retrain
from scoring.services.retrain import model_retrain
from scoring.services.retrained import RetrainReport
from tests.scoring.crowd import FIRST_DAY, TODAY, add_crowd
from tests.scoring.locked import another_retrain
from tests.scoring.trained import held_back, trained
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def run(**options: Any) -> RetrainReport:
    return model_retrain(**{"model_types": ["logistic-regression"], "today": TODAY, **options})


@pytest.fixture
def training(monkeypatch) -> list[dict[str, Any]]:
    """Training takes no time and gives `trained()`; the list fills with what it was asked."""
    asked: list[dict[str, Any]] = []

    def train(_examples: object, **options: Any) -> object:
        asked.append(options)
        return trained()

    monkeypatch.setattr(retrain, "train", train)
    return asked


def everything() -> tuple[object, ...]:
    """All that a failed retrain must leave as it was."""
    versions = ModelVersion.objects.order_by("number")
    return (
        list(versions.values("number", "is_champion", "is_active", "promotion_reason")),
        ModelArtifact.objects.count(),
        Promotion.objects.count(),
    )


def test_it_trains_registers_and_promotes_from_stored_leads():
    add_crowd(160)
    report = run()
    version = report.finalist
    loaded = registry.champion()
    assert loaded.version == version
    assert version.training_from == FIRST_DAY
    assert version.training_to == FIRST_DAY + timedelta(days=159)
    assert version.row_counts["leadsUsed"] == 160
    assert version.metrics["logLoss"]["value"] < version.metrics["logLossBase"]
    assert sum(each["value"] for each in version.feature_importance) == pytest.approx(1)
    assert version.feature_importance[0]["name"] == "Interactions"
    assert report.champion == version


def test_it_registers_a_version_for_each_type_and_counts_on(training, monkeypatch):
    make_version(6)
    both = replace(trained(), models=[trained(1).finalist, trained().finalist])
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: both)
    report = run()
    assert [version.number for version in report.versions] == [7, 8]
    assert report.finalist.number == 8


def test_the_newest_version_that_beats_the_base_rate_answers_for_its_type(training, monkeypatch):
    first, second = run(), run()
    worse = replace(trained().finalist, beats_base_rate=False)
    result = held_back(replace(trained(), models=[worse], finalist=worse))
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: result)
    third = run()
    assert [bool(caution_of(each.finalist)) for each in (second, third)] == [False, True]
    active = ModelVersion.objects.filter(is_active=True)
    assert active.get() == second.finalist
    assert {first.finalist.number, second.finalist.number, third.finalist.number} == {1, 2, 3}


def test_a_finalist_that_the_gate_holds_back_stays_a_candidate(training, monkeypatch):
    champion = run().finalist
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: held_back(trained()))
    report = run()
    assert report.promoted is None
    assert ModelVersion.objects.champion() == report.champion == champion


def test_the_base_rate_answers_until_a_model_passes_the_gate(training, monkeypatch):
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: held_back(trained()))
    run()
    first = registry.champion()
    said = first.scorer.probabilities([LeadFeatures(), LeadFeatures(interactions=9)], [TODAY] * 2)
    assert first.version.model_type == BASE_RATE
    assert said == pytest.approx([trained().base_rate] * 2)
    run()
    assert registry.champion().version.number == first.version.number + 2
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: trained())
    report = run()
    assert report.champion == report.finalist
    assert [version.model_type for version in report.versions] == ["logistic-regression"]


def test_the_base_rate_is_no_rival(training):
    make_version(1, model_type=BASE_RATE, is_champion=True)
    run()
    assert training[0]["champion"] is None


def test_it_does_not_promote_when_told_not_to(training):
    assert run(promote=False).promoted is None
    assert ModelVersion.objects.champion() is None


def test_the_champion_is_the_rival_of_the_next_training(training):
    run()
    run()
    assert training[0]["champion"] is None
    rival = training[1]["champion"]
    assert (rival.model_type, rival.recipe) == ("logistic-regression", trained().finalist.recipe)
    assert rival.scorer.model_type == "logistic-regression"


def test_a_champion_that_cannot_be_loaded_is_no_rival(training):
    version = run().finalist
    ModelArtifact.objects.filter(version=version).update(data=b"broken", sha256="0" * 64)
    run()
    assert training[1]["champion"] is None


def test_it_refuses_with_too_few_outcomes_and_says_when_more_can_be_judged(training, monkeypatch):
    run()
    before = everything()
    monkeypatch.undo()
    add_crowd(30, first_day=TODAY - timedelta(days=40))
    with pytest.raises(NotEnoughData, match=r"40.*30 more rows.*the first can on 2026-07-21"):
        run()
    assert everything() == before


def test_it_is_refused_while_another_runs(training):
    with another_retrain(), pytest.raises(RetrainRunning):
        run()
    assert ModelVersion.objects.count() == 0


def fail(*_args: object, **_options: object) -> None:
    raise MemoryError


STEPS: list[Callable[[pytest.MonkeyPatch], None]] = [
    lambda patch: patch.setattr(retrain, "training_examples", fail),
    lambda patch: patch.setattr(retrain, "train", fail),
    lambda patch: patch.setattr("scoring.ml.serving.artifact.dumps", fail),
    lambda patch: patch.setattr("scoring.ml.serving.artifact.library_versions", fail),
    lambda patch: patch.setattr(ModelArtifact.objects, "create", fail),
    lambda patch: patch.setattr(retrain, "version_promote", fail),
    lambda patch: patch.setattr(registry, "load", fail),
    lambda patch: patch.setattr(Promotion.objects, "create", fail),
]


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_at_any_step_leaves_everything_as_it_was(step, training, monkeypatch):
    run()
    before = everything()
    step(monkeypatch)
    with pytest.raises(MemoryError):
        run()
    assert everything() == before
    with retrain_lock():
        pass
