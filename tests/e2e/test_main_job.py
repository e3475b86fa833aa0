"""The whole loop as its people use it: commands, HTTP and the admin, on a small demo CRM."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import pytest
from django.core.management import call_command
from django.test import Client

from crm.days import today
from crm.models import Lead
from scoring.dataset import training_examples
from scoring.ml.examples import Examples
from scoring.models import LeadScore, ModelVersion, Prediction
from tests.http import ApiClient

pytestmark = pytest.mark.django_db

WINDOW_DAYS = 90


def rows() -> Examples:
    return training_examples(today(), WINDOW_DAYS).examples


def mature_open_leads() -> list[Lead]:
    """Open leads with every row's window closed."""
    long_ago = today() - timedelta(days=WINDOW_DAYS + 1)
    open_leads = Lead.objects.open().filter(seen_on__lt=long_ago).order_by("pk")
    return [lead for lead in open_leads if lead.history.first().history_date.date() < long_ago]


def assert_only_labels_flipped(before: Examples, after: Examples, won: set[int]) -> None:
    """The same rows with the same features; exactly the leads of `won` have become winners."""
    pd.testing.assert_frame_equal(before.features, after.features)
    for name in ("lead", "day", "weight"):
        assert (getattr(before, name) == getattr(after, name)).all()
    flipped = before.label != after.label
    assert set(after.lead[flipped].tolist()) == won
    assert after.label[pd.Series(after.lead).isin(won)].all()


def test_a_win_recorded_in_the_admin_and_one_over_http_flip_their_labels_and_nothing_else(
    admin_client: Client,
):
    call_command("seed_demo", leads=400, verbosity=0)
    in_admin, over_http, *_ = mature_open_leads()
    before = rows()
    admin_client.post("/admin/crm/outcome/add/", {"lead": in_admin.pk, "result": "won"})
    assert_only_labels_flipped(before, rows(), {in_admin.pk})
    body = {"outcomes": [{"id": over_http.external_id, "result": "won"}]}
    assert ApiClient().send("POST", "/api/outcomes", body).status_code == 200
    assert_only_labels_flipped(before, rows(), {in_admin.pk, over_http.pk})


def test_the_loop_from_leads_to_a_better_version(capsys: pytest.CaptureFixture[str]):
    client = ApiClient()
    call_command("seed_demo", leads=900, verbosity=0)
    assert predict(client).status_code == 200
    assert ModelVersion.objects.get().model_type == "scorecard"

    call_command("retrain", model_type=["logistic-regression"])
    assert "What it learned from" in capsys.readouterr().out
    answer = predict(client).json()
    assert set(answer) == {
        "predictions",
        "featureImportance",
        "modelMetrics",
        "clusterAnalysis",
    }
    first = ModelVersion.objects.get(is_champion=True)
    assert Prediction.objects.filter(lead__external_id="new-1").latest("pk").version == first

    call_command("score")
    assert LeadScore.objects.count() == Lead.objects.open().count()

    outcomes = [{"id": lead.external_id, "result": "won"} for lead in mature_open_leads()]
    outcomes.append({"id": "new-1", "result": "won"})
    assert client.send("POST", "/api/outcomes", {"outcomes": outcomes}).status_code == 200
    call_command("retrain", model_type=["logistic-regression"])
    second = ModelVersion.objects.latest("number")
    assert second.number > first.number
    assert second.row_counts["won"] == first.row_counts["won"] + len(outcomes)

    call_command("promote", str(second.number), reason="Learned from more wins")
    assert predict(client).status_code == 200
    now, before, *_ = client.get("/api/leads/new-1/scores").json()["scores"]
    receipt = now["receipt"]
    parts = receipt["base"] + sum(each["points"] for each in receipt["data"] + receipt["model"])
    difference = 100 * (now["conversionProbability"] - before["conversionProbability"])
    assert (now["modelVersion"], before["modelVersion"]) == (second.number, first.number)
    assert parts == pytest.approx(difference, abs=1e-6)


def predict(client: ApiClient) -> Any:
    lead = {
        "id": "new-1",
        "name": "John Doe",
        "company": "ABC Corp",
        "industry": "Technology",
        "size": "medium",
        "lastContact": today().isoformat(),
        "budget": 25000,
        "previousPurchases": 2,
        "interactions": 8,
    }
    return client.send("POST", "/api/predict", {"leads": [lead]})
