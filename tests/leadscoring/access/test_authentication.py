"""API keys in requests: where they stand, and what is remembered of them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from leadscoring.access.models import ApiKey
from tests.http import ApiClient, new_key

pytestmark = pytest.mark.django_db
ROUTE = "/api/models"


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Api-Key {}"},
        {"Authorization": "api-key  {} "},
        {"X-API-Key": "{}"},
        {"X-API-Key": "{}", "Authorization": "Api-Key {}"},
        {"X-API-Key": "{}", "Authorization": "Basic abc"},
    ],
)
def test_it_takes_the_key_from_either_header(headers: dict[str, str]) -> None:
    _, key = new_key("models")
    given = {name: text.format(key) for name, text in headers.items()}
    assert Client().get(ROUTE, headers=given).status_code == 200


@pytest.mark.parametrize("text", ["Bearer {}", "{}", "Api-Key", "Token {}", "Api-Key {} {}"])
def test_it_takes_no_other_form(text: str) -> None:
    _, key = new_key("models")
    response = Client().get(ROUTE, headers={"Authorization": text.format(key, key)})
    assert response.status_code == 401


def test_it_refuses_two_different_keys() -> None:
    (_, one), (_, other) = new_key("models"), new_key("models")
    headers = {"X-API-Key": one, "Authorization": f"Api-Key {other}"}
    assert Client().get(ROUTE, headers=headers).status_code == 401


def test_a_bad_key_is_refused_even_with_a_good_session(admin_client: Client) -> None:
    assert admin_client.get(ROUTE).status_code == 200
    assert admin_client.get(ROUTE, headers={"X-API-Key": "x"}).status_code == 401


def test_it_says_that_a_key_has_expired_only_to_who_knows_it() -> None:
    _, key = new_key(expires=timezone.now() - timedelta(days=1))
    right = Client().get(ROUTE, headers={"X-API-Key": key}).json()
    wrong = Client().get(ROUTE, headers={"X-API-Key": key[:-4] + "aaaa"}).json()
    assert right["error"]["message"] == "The API key has expired."
    assert wrong["error"]["message"] == "The API key is not valid."


def test_it_remembers_the_last_use_to_the_minute() -> None:
    api = ApiClient("models")
    with time_machine.travel("2026-01-01T12:00:00Z", tick=False) as clock:
        for seconds, expected in [(0, 0), (59, 0), (1, 60), (30, 60), (60, 150)]:
            clock.shift(seconds)
            api.get(ROUTE)
            used = ApiKey.objects.get(pk=api.api_key.pk).last_used_at
            assert used is not None
            assert (used - datetime(2026, 1, 1, 12, tzinfo=UTC)).seconds == expected


def test_a_second_request_within_the_minute_writes_nothing(django_assert_num_queries) -> None:
    api = ApiClient("models")
    api.get(ROUTE)
    with django_assert_num_queries(2):  # the key, the versions
        api.get(ROUTE)


def test_a_last_use_that_cannot_be_written_fails_no_request(monkeypatch) -> None:
    def broken(key: ApiKey) -> None:
        raise DatabaseError("read-only")

    api = ApiClient("models")
    monkeypatch.setattr(ApiKey, "note_use", broken)
    assert api.get(ROUTE).status_code == 200


def test_only_the_hash_is_stored() -> None:
    key, text = new_key()
    stored = ApiKey.objects.filter(pk=key.pk).values_list()[0]
    assert not any(text.split(".")[1] in str(value) for value in stored)
