import json
from pathlib import Path

import pytest

from scoring import registry
from scoring.errors import ModelUnavailable, NoTrainedModel
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving.artifact import sha256
from scoring.models import ModelArtifact, ModelVersion
from scoring.services.promote import champion_roll_back, version_promote
from tests.scoring.versions import make_version, small_scorer

pytestmark = pytest.mark.django_db

LEAD = LeadFeatures(interactions=7, budget=500)


@pytest.fixture(autouse=True)
def model_dir(tmp_path, settings) -> Path:
    """A new cache directory, and a process that has loaded nothing yet."""
    directory: Path = tmp_path / "models"
    settings.MODEL_DIR = directory
    registry.forget_loaded()
    return directory


def probability(loaded: registry.LoadedVersion) -> float:
    return loaded.scorer.probabilities([LEAD], [None]).item()


def expected(seed: int = 0) -> float:
    return small_scorer(seed).probabilities([LEAD], [None]).item()


def choose(number: int) -> None:
    """As another process does it: this one's own services are not asked."""
    ModelVersion.objects.filter(is_champion=True).update(is_champion=False)
    ModelVersion.objects.filter(number=number).update(is_champion=True)


def test_it_loads_the_champion_with_the_probabilities_it_was_stored_with():
    make_version(1, seed=1)
    version = make_version(2, seed=2, is_champion=True)
    loaded = registry.champion()
    assert loaded.version == version
    assert probability(loaded) == expected(2)


def test_it_loads_the_active_version_of_a_type():
    make_version(1, seed=1, is_active=True)
    make_version(2, seed=2, is_champion=True)
    assert probability(registry.active("logistic-regression")) == expected(1)


def test_which_version_answers_is_known_without_its_bytes():
    active, champion = make_version(1, is_active=True), make_version(2, is_champion=True)
    ModelArtifact.objects.all().update(data=b"damaged")
    assert registry.answering(None) == champion
    assert registry.answering("logistic-regression") == active


def test_it_loads_any_version():
    assert probability(registry.load(make_version(3, seed=3))) == expected(3)


def test_where_no_model_was_trained_the_scorecard_answers_and_no_type_does():
    assert registry.champion().version.model_type == "scorecard"
    with pytest.raises(NoTrainedModel, match=r"`manage.py retrain --model-type random-forest`"):
        registry.active("random-forest")


def test_it_says_so_where_no_trained_version_was_good_enough():
    make_version(1)
    assert registry.champion().version.model_type == "scorecard"
    with pytest.raises(NoTrainedModel, match="has beaten the base rate yet"):
        registry.active("logistic-regression")


def test_a_loaded_version_costs_one_small_query(django_assert_num_queries):
    make_version(1, is_champion=True)
    registry.champion()
    with django_assert_num_queries(1) as queries:
        assert registry.champion().version.metrics == {}
    assert '"data"' not in queries[0]["sql"]


def test_it_keeps_a_copy_on_disk_and_starts_from_it(model_dir, monkeypatch):
    version = make_version(1, is_champion=True)
    registry.champion()
    assert [path.name for path in model_dir.iterdir()] == [f"{version.artifact.sha256}.model"]
    ModelArtifact.objects.update(data=b"gone")
    registry.forget_loaded()
    assert probability(registry.champion()) == expected()


@pytest.mark.parametrize("damage", [b"", b"garbage", b"half"])
def test_it_mends_a_damaged_copy_from_the_database(model_dir, damage):
    version = make_version(1, is_champion=True)
    registry.champion()
    copy = model_dir / f"{version.artifact.sha256}.model"
    whole = copy.read_bytes()
    copy.write_bytes(whole[: len(whole) // 2] if damage == b"half" else damage)
    registry.forget_loaded()
    assert probability(registry.champion()) == expected()
    assert copy.read_bytes() == whole


def test_no_loader_sees_bytes_that_do_not_match_their_hash(monkeypatch):
    make_version(1, is_champion=True)
    data = bytearray(ModelArtifact.objects.get().data)
    data[-1] ^= 1
    ModelArtifact.objects.update(data=bytes(data))
    monkeypatch.setattr("scoring.ml.serving.artifact.loads", None)
    with pytest.raises(ModelUnavailable, match=r"(?s)version 1 is damaged.*`manage.py rollback`"):
        registry.champion()


def test_a_model_in_a_form_from_the_future_is_refused_with_what_to_do():
    version = make_version(1, is_champion=True)
    data = b"LEADSCOR" + (99).to_bytes(2, "little") + bytes(4) + json.dumps({}).encode()
    ModelArtifact.objects.filter(version=version).update(data=data, sha256=sha256(data))
    with pytest.raises(ModelUnavailable, match=r"format 99.*`manage.py retrain`"):
        registry.champion()


def test_a_version_without_bytes_is_refused():
    version = ModelVersion.objects.create(number=9, model_type="x", outcome_window_days=90)
    with pytest.raises(ModelUnavailable, match="version 9 has no stored model"):
        registry.load(version)


def test_it_serves_where_the_cache_cannot_be_written(model_dir):
    model_dir.write_text("a file where the directory should be")
    make_version(1, is_champion=True)
    assert probability(registry.champion()) == expected()


def test_it_serves_on_a_full_disk(model_dir, monkeypatch):
    def no_space(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)
    make_version(1, is_champion=True)
    assert probability(registry.champion()) == expected()
    assert list(model_dir.iterdir()) == []


def test_a_promotion_shows_at_once():
    make_version(1, seed=1, is_champion=True)
    make_version(2, seed=2)
    assert probability(registry.champion()) == expected(1)
    choose(2)
    assert probability(registry.champion()) == expected(2)


def test_requests_are_served_without_a_query_until_the_choice_is_looked_up_again(
    settings, monkeypatch, django_assert_num_queries
):
    clock = iter([100.0, 104.9, 105.0])
    monkeypatch.setattr(registry, "monotonic", lambda: next(clock))
    settings.CHOICE_SECONDS = 5.0
    make_version(1, seed=1, is_champion=True)
    make_version(2, seed=2)
    assert probability(registry.serving(None)) == expected(1)
    choose(2)
    with django_assert_num_queries(0):
        assert probability(registry.serving(None)) == expected(1)
    assert probability(registry.serving(None)) == expected(2)


def test_each_type_has_a_choice_of_its_own(settings):
    settings.CHOICE_SECONDS = 5.0
    make_version(1, seed=1, is_champion=True)
    make_version(2, seed=2, model_type="random-forest", is_active=True)
    for _ in range(2):
        assert probability(registry.serving(None)) == expected(1)
        assert probability(registry.serving("random-forest")) == expected(2)


def test_a_choice_made_in_this_process_counts_at_once(settings, django_capture_on_commit_callbacks):
    settings.CHOICE_SECONDS = 5.0
    make_version(1, seed=1)
    make_version(2, seed=2)
    for number in (1, 2):
        with django_capture_on_commit_callbacks(execute=True):
            version_promote(number=number, reason="a test")
        assert probability(registry.serving(None)) == expected(number)
    with django_capture_on_commit_callbacks(execute=True):
        champion_roll_back(reason="a test")
    assert probability(registry.serving(None)) == expected(1)


def test_that_there_is_no_model_is_not_remembered(settings):
    settings.CHOICE_SECONDS = 5.0
    with pytest.raises(NoTrainedModel):
        registry.serving("logistic-regression")
    make_version(1, seed=1, is_active=True)
    assert probability(registry.serving("logistic-regression")) == expected(1)
