"""GET /api/predictions: the log, by a cursor."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from crm.days import today
from crm.models import Lead
from scoring.models import ModelVersion, Prediction
from tests.http import ApiClient
from tests.scoring.versions import make_version

# Rows of a transaction that is still running, such as a test's, are not in the log yet.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def api() -> ApiClient:
    make_version(4, is_champion=True)
    api = ApiClient("leads", "predict")
    predict(api, *range(5))
    return api


def predict(api: ApiClient, *ids: object) -> None:
    body = {"leads": [{"id": each} for each in ids]}
    assert api.send("POST", "/api/predict", body).status_code == 200
    settle()


def settle() -> None:
    """Wait for what runs now to end: PostgreSQL counts the transactions of all its databases, and
    other test processes have theirs."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (now,) = cursor.fetchone()
        for _ in range(600):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] > now:
                return
            time.sleep(0.1)
    pytest.fail("Some transaction on this server has been running for a minute.")


def test_it_goes_through_the_log_without_gap_or_repeat(api: ApiClient) -> None:
    found: list[str] = []
    after = 0
    for _ in range(3):
        page = api.get(f"/api/predictions?after={after}&limit=2").json()
        found += [each["lead"] for each in page["predictions"]]
        after = page["next"]
    assert found == ["0", "1", "2", "3", "4"]
    assert api.get(f"/api/predictions?after={after}").json() == {"predictions": [], "next": after}
    predict(api, "new")
    page = api.get(f"/api/predictions?after={after}").json()
    assert [each["lead"] for each in page["predictions"]] == ["new"]


def test_it_tells_who_what_when_by_which_version(api: ApiClient) -> None:
    row = Prediction.objects.order_by("pk")[0]
    first = api.get("/api/predictions?limit=1").json()["predictions"][0]
    assert first.pop("predictedAt").endswith("Z")
    assert first == {
        "id": row.pk,
        "lead": "0",
        "conversionProbability": row.probability,
        "score": row.score,
        "modelVersion": 4,
        "modelType": "logistic-regression",
        "source": "predict",
        "day": row.day.isoformat(),
    }


def test_it_tells_of_one_lead(api: ApiClient) -> None:
    page = api.get("/api/predictions?lead=3").json()
    assert [each["lead"] for each in page["predictions"]] == ["3"]


def test_an_erased_lead_is_nobody(api: ApiClient) -> None:
    api.send("DELETE", "/api/leads/0")
    page = api.get("/api/predictions").json()["predictions"]
    assert [each["lead"] for each in page] == [None, "1", "2", "3", "4"]


def test_a_page_costs_two_queries(api: ApiClient, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):  # the key, the predictions
        api.get("/api/predictions")


def test_it_waits_for_a_slower_transaction_with_lower_ids(api: ApiClient) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writing transaction at a time")
    last = api.get("/api/predictions").json()["next"]
    began, end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Prediction.objects.create(**said, lead=Lead.objects.get(external_id="1"))
            began.set()
            end.wait(10)
        connection.close()

    said = {"version": ModelVersion.objects.get(), "probability": 0.5, "score": 50, "day": today()}
    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(10)
    Prediction.objects.create(**said, lead=Lead.objects.get(external_id="2"))
    assert api.get(f"/api/predictions?after={last}").json()["predictions"] == []
    end.set()
    thread.join()
    settle()
    page = api.get(f"/api/predictions?after={last}").json()["predictions"]
    assert [each["lead"] for each in page] == ["1", "2"]
