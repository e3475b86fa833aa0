"""A client of the API, with a key of its own."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from leadscoring.access.models import ApiKey
from leadscoring.access.rules import SCOPES
from leadscoring.access.services import api_key_create

JSON = "application/json"


class ApiClient(Client):
    """Sends JSON and its key with every request; its key has no rate limit unless one is given."""

    def __init__(self, *scopes: str, rate: str = "") -> None:
        self.api_key, self.key_text = new_key(*scopes, rate=rate)
        super().__init__(headers={"Authorization": f"Api-Key {self.key_text}"})

    def send(self, method: str, path: str, value: Any = None, **headers: str) -> Any:
        """`value` as JSON; headers by name with underscores."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return send(self, method, path, value, named)


def send(
    client: Client, method: str, path: str, value: Any = None, headers: dict[str, str] | None = None
) -> Any:
    """`value` as JSON; a text as a CSV file."""
    if isinstance(value, str):
        return client.generic(method, path, value.encode(), "text/csv", headers=headers)
    body = b"" if value is None else json.dumps(value).encode()
    return client.generic(method, path, body, JSON, headers=headers)


def new_key(*scopes: str, **options: Any) -> tuple[ApiKey, str]:
    """A key with all scopes, unless some are named."""
    return api_key_create(
        **({"name": "tests", "scopes": scopes or list(SCOPES), "rate": ""} | options)
    )


def fields(response: Any) -> dict[str, str]:
    """What an error answer says of each field."""
    found: dict[str, str] = response.json()["error"]["fields"]
    return found
