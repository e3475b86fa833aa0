"""`Idempotency-Key`: one effect, one answer, whatever happens in between."""

from __future__ import annotations

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from crm.models import Lead, Outcome
from leadscoring.access.models import IdempotentRequest
from leadscoring.api import idempotency
from leadscoring.api.idempotency import KEPT_FOR, LEASE, forget_old_answers
from scoring.models import Prediction
from tests.databases import needs_postgresql
from tests.http import ApiClient
from tests.scoring.versions import make_version

PREDICT = "/api/predict"
BODY = {"leads": [{"id": 1, "interactions": 5}]}


@pytest.fixture
def api(db: None) -> ApiClient:
    make_version(is_champion=True)
    return ApiClient()


def send(api: ApiClient, body: Any = BODY, path: str = PREDICT, key: str = "k1") -> Any:
    return api.send("POST", path, body, Idempotency_Key=key)


def error_code(response: Any) -> str:
    code: str = response.json()["error"]["code"]
    return code


def test_the_same_again_has_one_effect_and_the_same_answer(api: ApiClient) -> None:
    first, again = send(api), send(api)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Prediction.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/leads", {"leads": [{"id": 1, "name": "A"}]}),
        ("/api/outcomes", {"outcomes": [{"id": "known", "result": "won"}]}),
    ],
)
def test_it_holds_for_every_route_that_writes(api: ApiClient, path: str, body: Any) -> None:
    Lead.objects.create(external_id="known")
    first, again = send(api, body, path), send(api, body, path)
    assert first.json()["created"] == again.json()["created"] == [body[path[5:]][0]["id"]]
    assert first.json()["unchanged"] == again.json()["unchanged"] == []


def test_another_body_is_422(api: ApiClient) -> None:
    send(api)
    response = send(api, {"leads": [{"id": 2}]})
    assert (response.status_code, error_code(response)) == (422, "idempotency_key_reused")
    assert Prediction.objects.count() == 1


def test_another_route_is_422(api: ApiClient) -> None:
    send(api, BODY)
    assert send(api, BODY, "/api/leads").status_code == 422


def test_another_key_or_another_caller_is_another_request(api: ApiClient) -> None:
    send(api)
    send(api, key="k2")
    send(ApiClient())
    assert Prediction.objects.count() == 3


def test_a_refusal_is_kept(api: ApiClient) -> None:
    first, again = send(api, {"leads": []}), send(api, {"leads": []})
    assert (first.status_code, again.status_code) == (400, 400)
    assert again.content == first.content


def test_what_may_work_later_is_not_kept(db: None) -> None:
    api = ApiClient()
    body = {**BODY, "modelType": "logistic-regression"}
    assert send(api, body).status_code == 409
    make_version(is_active=True)
    assert send(api, body).status_code == 200


def test_a_429_is_not_kept(db: None) -> None:
    make_version(is_champion=True)
    api = ApiClient(rate="1/h")
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        assert api.get("/api/models").status_code == 200
        assert send(api).status_code == 429
        clock.shift(timedelta(hours=1))
        assert send(api).status_code == 200


def test_a_5xx_is_not_kept_and_leaves_nothing(api: ApiClient, monkeypatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("scoring.api.predict._answer", lambda *_args: 1 / 0)
        assert send(api).status_code == 500
    assert not Lead.objects.exists()
    assert not IdempotentRequest.objects.exists()
    assert send(api).status_code == 200


def test_an_effect_is_undone_if_its_answer_cannot_be_kept(api: ApiClient, monkeypatch) -> None:
    def broken(*_args: object) -> bytes:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_keep", broken)
        assert send(api).status_code == 500
    assert not Prediction.objects.exists()


def claimed(api: ApiClient, monkeypatch, age: timedelta) -> None:
    """A request that was claimed this long ago by a process that was killed then."""

    class Killed(BaseException):
        pass

    def killed(*_args: object, **_options: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, time_machine.travel(timezone.now() - age, tick=False):
        patch.setattr("scoring.api.predict.leads_predict", killed)
        with pytest.raises(Killed):
            send(api)


def test_while_it_runs_the_same_request_is_409(api: ApiClient, monkeypatch) -> None:
    claimed(api, monkeypatch, age=timedelta(seconds=5))
    response = send(api)
    assert (response.status_code, error_code(response)) == (409, "still_running")
    assert not Prediction.objects.exists()


def test_the_claim_of_a_killed_process_is_taken_over(api: ApiClient, monkeypatch) -> None:
    claimed(api, monkeypatch, age=LEASE + timedelta(seconds=1))
    assert send(api).status_code == 200
    assert send(api).headers["Idempotency-Replayed"] == "true"
    assert Prediction.objects.count() == 1


def test_who_lost_the_claim_has_no_effect(api: ApiClient, monkeypatch) -> None:
    from scoring.api import predict  # noqa: PLC0415 - patched below

    answer = predict._answer

    def slow(*args: Any) -> Any:
        """Somebody takes over just before the answer is stored."""
        IdempotentRequest.objects.update(token="00000000-0000-0000-0000-000000000000")
        return answer(*args)

    with monkeypatch.context() as patch:
        patch.setattr(predict, "_answer", slow)
        response = send(api)
    assert (response.status_code, error_code(response)) == (409, "still_running")
    assert not Prediction.objects.exists()


def test_after_a_day_the_key_is_free(api: ApiClient) -> None:
    send(api)
    with time_machine.travel(timezone.now() + KEPT_FOR + timedelta(minutes=1)):
        assert "Idempotency-Replayed" not in send(api).headers
    assert IdempotentRequest.objects.count() == 1


def test_old_answers_are_forgotten(api: ApiClient) -> None:
    send(api)
    assert forget_old_answers() == 0
    with time_machine.travel(timezone.now() + KEPT_FOR + timedelta(minutes=1)):
        call_command("forget_answers", stdout=(told := StringIO()))
    assert told.getvalue() == "1 answers forgotten.\n"
    assert not IdempotentRequest.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "ü"])
def test_an_odd_key_is_refused(api: ApiClient, key: str) -> None:
    assert send(api, key=key).status_code == 400


def test_without_the_header_nothing_is_kept(api: ApiClient) -> None:
    api.send("POST", PREDICT, BODY)
    assert not IdempotentRequest.objects.exists()


@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_of_many_at_once_one_has_the_effect() -> None:
    """Real transactions in real threads."""
    make_version(is_champion=True)
    api = ApiClient()
    Lead.objects.create(external_id="1")
    body = {"outcomes": [{"id": 1, "result": "won"}]}
    answers: list[Any] = []

    def one() -> None:
        answers.append(send(api, body, "/api/outcomes"))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    good = [answer for answer in answers if answer.status_code == 200]
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert len({answer.content for answer in good}) == 1
    assert Outcome.history.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_claim_is_committed_before_the_work_begins(monkeypatch) -> None:
    make_version(is_champion=True)
    seen: list[bool] = []
    real = transaction.Atomic.__enter__

    def entering(atomic: transaction.Atomic) -> None:
        if IdempotentRequest.objects.filter(status=None).exists():
            seen.append(connection.in_atomic_block)
        real(atomic)

    api = ApiClient()
    monkeypatch.setattr(transaction.Atomic, "__enter__", entering)
    send(api)
    assert seen
    assert seen[0] is False
