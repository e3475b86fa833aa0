"""The addresses that people type."""

from __future__ import annotations

from django.test import Client


def test_the_bare_address_leads_to_the_pages_for_people(client: Client) -> None:
    response = client.get("/")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
