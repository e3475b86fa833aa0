"""API keys are looked up now and then, not with every request."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from leadscoring.access import verified_keys
from leadscoring.access.models import ApiKey
from tests.http import ApiClient, new_key

pytestmark = pytest.mark.django_db
ROUTE = "/api/models"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch, settings) -> Clock:
    clock = Clock()
    monkeypatch.setattr(verified_keys, "monotonic", clock)
    settings.KEY_SECONDS = 5.0
    return clock


def test_a_key_is_looked_up_once_in_a_while(clock, django_assert_num_queries) -> None:
    api = ApiClient("models")
    assert api.get(ROUTE).status_code == 200
    with django_assert_num_queries(1):  # the versions
        assert api.get(ROUTE).status_code == 200
    clock.now += 5
    with django_assert_num_queries(2):
        assert api.get(ROUTE).status_code == 200


@pytest.mark.parametrize(
    ("change", "status"),
    [({"revoked": True}, 401), ({"scopes": []}, 403), ({"rate": "1/h"}, 429)],
)
def test_what_is_changed_of_a_key_holds_within_seconds(clock, change, status) -> None:
    api = ApiClient("models")
    assert api.get(ROUTE).status_code == 200
    ApiKey.objects.filter(pk=api.api_key.pk).update(**change)
    clock.now += 5
    api.get(ROUTE)
    assert api.get(ROUTE).status_code == status


def test_a_deleted_key_is_forgotten_within_seconds(clock) -> None:
    api = ApiClient("models")
    assert api.get(ROUTE).status_code == 200
    ApiKey.objects.all().delete()
    clock.now += 5
    assert api.get(ROUTE).status_code == 401


def test_a_key_expires_to_the_second_although_it_is_remembered(clock) -> None:
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as time:
        _, text = new_key("models", expires=timezone.now() + timedelta(hours=1))
        client = Client(headers={"X-API-Key": text})
        assert client.get(ROUTE).status_code == 200
        time.shift(timedelta(hours=1, seconds=1))
        assert client.get(ROUTE).status_code == 401


def test_a_wrong_key_is_never_remembered(clock, django_assert_num_queries) -> None:
    key, _ = new_key("models")
    client = Client(headers={"X-API-Key": f"{key.prefix}.{'x' * 32}"})
    for _ in range(2):
        with django_assert_num_queries(1):
            assert client.get(ROUTE).status_code == 401


def test_it_keeps_a_limited_number_of_keys(clock, monkeypatch) -> None:
    monkeypatch.setattr(verified_keys, "KEPT_AT_MOST", 2)
    for _ in range(5):
        assert ApiClient("models").get(ROUTE).status_code == 200
        assert len(verified_keys._verified) <= 2
