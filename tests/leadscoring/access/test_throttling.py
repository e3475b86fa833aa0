"""Rate limits: per key, all routes together, and uncounted when the cache is down."""

from __future__ import annotations

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from leadscoring.access.principals import SESSION_RATE
from tests.http import ApiClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


def statuses(client: Client, times: int) -> list[int]:
    routes = ["/api/models", "/api/leads"]
    return [client.get(routes[turn % 2]).status_code for turn in range(times)]


def test_it_refuses_over_the_rate_and_says_how_long_to_wait() -> None:
    api = ApiClient(rate="3/m")
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        assert statuses(api, 4) == [200, 200, 200, 429]
        response = api.get("/api/models")
        wait = int(response.headers["Retry-After"])
        assert 1 <= wait <= 60
        assert response.json()["error"]["code"] == "rate_limited"
        clock.shift(wait + 1)
        assert statuses(api, 1) == [200]


def test_each_key_has_a_count_of_its_own() -> None:
    one, other = ApiClient(rate="1/m"), ApiClient(rate="1/m")
    assert statuses(one, 2) == [200, 429]
    assert statuses(other, 1) == [200]


def test_a_key_without_a_rate_has_no_limit() -> None:
    assert statuses(ApiClient(rate=""), 30) == [200] * 30


def test_people_have_a_limit_too(admin_client: Client, monkeypatch) -> None:
    assert SESSION_RATE
    monkeypatch.setattr("leadscoring.access.principals.SESSION_RATE", "2/m")
    assert statuses(admin_client, 3) == [200, 200, 429]


def test_refused_requests_do_not_count() -> None:
    api = ApiClient("models", rate="1/m")
    assert statuses(Client(), 3) == [401] * 3
    assert api.get("/api/leads").status_code == 403
    assert api.get("/api/models").status_code == 200


def test_with_the_cache_down_it_answers_uncounted_and_says_so(monkeypatch, caplog) -> None:
    def down(*_args: object, **_options: object) -> bool:
        raise ConnectionError("cache")

    monkeypatch.setattr(cache, "add", down)
    assert statuses(ApiClient(rate="1/m"), 3) == [200] * 3
    assert "rate_limit_not_counted" in caplog.text


def test_a_counter_that_the_cache_lost_refuses_nobody(monkeypatch) -> None:
    def lost(*_args: object, **_options: object) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", lost)
    assert statuses(ApiClient(rate="1/m"), 3) == [200] * 3


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_a_header_that_anybody_can_send_changes_no_count(header: str) -> None:
    api = ApiClient(rate="1/m")
    answers = [api.get("/api/models", headers={header: f"10.0.0.{each}"}) for each in range(2)]
    assert [each.status_code for each in answers] == [200, 429]
