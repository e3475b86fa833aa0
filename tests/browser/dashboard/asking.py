"""The API as a page's session may use it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import APIResponse, Page


def send(page: Page, method: str, address: str, value: Any = None) -> APIResponse:
    """What the API answers to whoever is logged in on this page."""
    cookies = page.context.cookies(address)
    token = next(each["value"] for each in cookies if each["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": address}
    return page.request.fetch(address, method=method, data=value, headers=headers)
