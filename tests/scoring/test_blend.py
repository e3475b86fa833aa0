"""A blend as the champion: scored, explained, changed, compared, reported and rolled back."""

from functools import cache

import numpy as np
import pytest
from django.test import Client

from crm.days import today
from scoring import registry
from scoring.ml.serving import artifact
from scoring.ml.serving.blend import BlendEngine
from scoring.ml.training.results import TrainingResult
from scoring.ml.training.train import train
from scoring.models import ModelVersion
from scoring.services import retrain
from scoring.services.model_report import model_report_html
from scoring.services.promote import champion_roll_back, version_promote
from scoring.services.report import report_text
from scoring.services.retrain import model_retrain
from scoring.services.retrained import RetrainReport
from tests.http import ApiClient
from tests.scoring.ml.builders import examples
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

ROWS = 900
TYPES = ["logistic-regression", "gradient-boosting"]


@cache
def blended() -> TrainingResult:
    """Budget helps, but the other way round for busy leads: no single type gets it all."""
    rng = np.random.default_rng(2)
    budget, interactions = rng.normal(0, 1, ROWS), rng.integers(0, 12, ROWS)
    odds = budget * np.where(interactions > 8, -0.4, 1.2) + (interactions - 6) / 3
    label = (rng.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(np.int8)
    columns = {
        "budget": np.exp(9 + budget).tolist(),
        "interactions": interactions.astype(float).tolist(),
        "region": rng.choice(["n", "s"], ROWS).tolist(),
    }
    result = train(examples(columns, label=label), window_days=90, model_types=TYPES)
    assert result.finalist.model_type == "blend"
    return result


@pytest.fixture
def report(monkeypatch) -> RetrainReport:
    make_version(1, is_active=True, metrics={"baseRate": 0.3})
    version_promote(number=1, reason="the first")
    monkeypatch.setattr(retrain, "train", lambda *_args, **_options: blended())
    return model_retrain(model_types=TYPES, today=today())


def lead(number: int, **changes: object) -> dict[str, object]:
    return {"id": number, "budget": 20_000, "interactions": 5, **changes}


def test_it_answers_for_auto_with_reasons_that_add_up(report):
    api = ApiClient("predict", "leads")
    asked = {"leads": [lead(1), lead(2, budget=900, interactions=11)], "explain": True}
    answer = api.send("POST", "/api/predict", {**asked, "modelType": "auto"}).json()
    for each in answer["predictions"]:
        points = sum(reason["points"] for reason in each["reasons"])
        explained = each["explanation"]
        total = explained["base"] + points + explained["rest"]
        assert total == pytest.approx(100 * each["conversionProbability"], abs=1e-6)


def test_nobody_asks_for_it_by_name(report):
    asked = {"leads": [lead(1)], "modelType": "blend"}
    assert ApiClient("predict").send("POST", "/api/predict", asked).status_code == 400


def test_what_if_and_the_smallest_change_work_on_it(report):
    api = ApiClient("predict")
    tried = api.send("POST", "/api/what-if", {"lead": lead(1), "changes": {"interactions": 8}})
    assert tried.json()["after"] != tried.json()["before"]
    asked = {"lead": lead(1, budget=5_000, interactions=2), "targetScore": 50}
    assert api.send("POST", "/api/what-if", asked).json()["proposals"]


def test_a_receipt_splits_the_change_from_the_model_before(report):
    api = ApiClient("predict", "leads")
    champion_roll_back(reason="test")
    registry.forget_choices()
    api.send("POST", "/api/predict", {"leads": [lead(1)]})
    version_promote(number=report.finalist.number, reason="test")
    registry.forget_choices()
    api.send("POST", "/api/predict", {"leads": [lead(1)]})
    newest, before = api.get("/api/leads/1/scores").json()["scores"][:2]
    receipt = newest["receipt"]
    parts = [each["points"] for each in (*receipt["data"], *receipt["model"])]
    change = newest["conversionProbability"] - before["conversionProbability"]
    assert sum(parts) + receipt["base"] == pytest.approx(100 * change, abs=1e-6)
    assert receipt["model"]


def test_reports_say_what_it_is_made_of(report, admin_client: Client):
    made_of = report.finalist.kind
    assert made_of.startswith("blend of logistic-regression (")
    assert "gradient-boosting (" in made_of
    assert f"Version {report.finalist.number} is a {made_of}." in report_text(report)
    assert made_of in model_report_html(report.finalist)
    page = admin_client.get(f"/admin/scoring/modelversion/{report.finalist.pk}/change/")
    assert made_of in page.content.decode()


def test_it_is_rolled_back_and_its_bytes_load_as_they_were(report):
    assert champion_roll_back(reason="test").version.number == 1
    stored = ModelVersion.objects.get(pk=report.finalist.pk).artifact
    again = artifact.loads(bytes(stored.data), sha256=stored.sha256)
    assert again.model_type == "blend"
    assert isinstance(again.engine, BlendEngine)
    assert [each.model_type for each in again.engine.members] == TYPES
