"""GET /api/predictions: the log, by a cursor."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

import pytest
from django.db import connection, transaction

from crm.days import today
from crm.models import Lead
from scoring.models import ModelVersion, Prediction
from tests.databases import needs_postgresql
from tests.http import ApiClient
from tests.scoring.versions import make_version

# Transactions that overlap, which a test's own would hide.
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
    # The key, the predictions; on PostgreSQL, who is writing some.
    with django_assert_num_queries(3 if connection.vendor == "postgresql" else 2):
        api.get("/api/predictions")


@needs_postgresql
def test_it_waits_for_a_slower_transaction_with_lower_ids(api: ApiClient) -> None:
    last = api.get("/api/predictions").json()["next"]
    with said_by_a_slow_transaction("1"):
        say("2")
        assert api.get(f"/api/predictions?after={last}").json()["predictions"] == []
    page = api.get(f"/api/predictions?after={last}").json()["predictions"]
    assert [each["lead"] for each in page] == ["1", "2"]


@needs_postgresql
def test_it_passes_nothing_over_for_a_row_whose_transaction_is_older(api: ApiClient) -> None:
    last = api.get("/api/predictions").json()["next"]
    with ExitStack() as stack:
        with transaction.atomic():
            Lead.objects.create(external_id="gives this transaction its place before the other's")
            stack.enter_context(said_by_a_slow_transaction("1"))
            say("2")
        assert api.get(f"/api/predictions?after={last}").json()["predictions"] == []
    page = api.get(f"/api/predictions?after={last}").json()["predictions"]
    assert [each["lead"] for each in page] == ["1", "2"]


@needs_postgresql
def test_a_long_transaction_about_something_else_holds_nothing_back(api: ApiClient) -> None:
    last = api.get("/api/predictions").json()["next"]
    with in_a_slow_transaction(lambda: Lead.objects.create(external_id="slow")):
        predict(api, "1")
        page = api.get(f"/api/predictions?after={last}").json()["predictions"]
        assert [each["lead"] for each in page] == ["1"]


def say(lead: str) -> None:
    Prediction.objects.create(
        version=ModelVersion.objects.get(),
        probability=0.5,
        score=50,
        day=today(),
        lead=Lead.objects.get(external_id=lead),
    )


def said_by_a_slow_transaction(lead: str) -> AbstractContextManager[None]:
    return in_a_slow_transaction(lambda: say(lead))


@contextmanager
def in_a_slow_transaction(work: Callable[[], object]) -> Iterator[None]:
    """`work` is done by another connection, which commits when the block ends."""
    began, end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            work()
            began.set()
            end.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(10)
    yield
    end.set()
    thread.join()
