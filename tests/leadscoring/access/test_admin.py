"""API keys in the admin."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from leadscoring.access.models import ApiKey
from tests.http import new_key

pytestmark = pytest.mark.django_db


def form(**changes: object) -> dict[str, object]:
    empty = {"expiry_date_0": "", "expiry_date_1": ""}
    return {"name": "crm", "scopes": ["models", "leads"], "rate": "60/m"} | empty | changes


def test_it_shows_a_new_key_once(admin_client: Client) -> None:
    page = admin_client.post(reverse("admin:access_apikey_add"), form(), follow=True)
    key = ApiKey.objects.get()
    assert (key.scopes, key.rate) == (["models", "leads"], "60/m")
    (text,) = re.findall(r"The key of crm is (\S+)", page.content.decode())
    assert Client().get("/api/models", headers={"X-API-Key": text}).status_code == 200
    again = admin_client.get(reverse("admin:access_apikey_change", args=[key.pk]))
    assert again.status_code == 200
    assert text not in again.content.decode()


@pytest.mark.parametrize("changes", [{"rate": "fast"}, {"scopes": []}, {"scopes": ["all"]}])
def test_it_refuses_what_the_command_refuses(
    admin_client: Client, changes: dict[str, object]
) -> None:
    admin_client.post(reverse("admin:access_apikey_add"), form(**changes))
    assert not ApiKey.objects.exists()


def test_a_revoked_key_stays_revoked(admin_client: Client) -> None:
    key, text = new_key("models")
    change = reverse("admin:access_apikey_change", args=[key.pk])
    admin_client.post(change, form(revoked="on"))
    assert Client().get("/api/models", headers={"X-API-Key": text}).status_code == 401
    admin_client.post(change, form())
    assert ApiKey.objects.get().revoked
    assert admin_client.get(change).status_code == 200


def test_the_list_tells_who_may_what(admin_client: Client) -> None:
    new_key("predict", "models", name="frontend")
    page = admin_client.get(reverse("admin:access_apikey_changelist")).content.decode()
    assert "frontend" in page
    assert "models, predict" in page
