"""What was asked and answered goes at once, however seldom the garbage collector looks."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rest_framework.request import Request

from leadscoring.api.views import ApiView
from tests.http import ApiClient
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db
BODY = {"leads": [{"id": 1}]}


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[weakref.ref[Request]]]:
    """All requests that a view has begun with, while nobody collects garbage."""
    seen: list[weakref.ref[Request]] = []
    initial: Callable[..., None] = ApiView.initial

    def noted(view: ApiView, request: Request, *given: Any, **named: Any) -> None:
        seen.append(weakref.ref(request))
        initial(view, request, *given, **named)

    monkeypatch.setattr(ApiView, "initial", noted)
    gc.disable()
    yield seen
    gc.enable()


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/api/models", None, {}, 200),
        ("POST", "/api/predict", BODY, {}, 200),
        ("POST", "/api/predict", BODY, {"Idempotency_Key": "once"}, 200),
        ("POST", "/api/predict", {"leads": []}, {}, 400),
        ("GET", "/api/models/99", None, {}, 404),
    ],
)
def test_nothing_holds_a_request_that_is_answered(
    requests: list[weakref.ref[Request]],
    method: str,
    path: str,
    body: object,
    headers: dict[str, str],
    status: int,
) -> None:
    make_version(is_champion=True)
    response = ApiClient("models", "predict").send(method, path, body, **headers)
    assert response.status_code == status
    (request,) = requests
    assert request() is None
