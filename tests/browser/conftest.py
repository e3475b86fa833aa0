"""A real browser, a live server, and somebody who is logged in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

CHROMIUM = Path("/usr/bin/chromium")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    # Behind all others of a process: Playwright's event loop runs until the end of the session.
    items.sort(key=lambda item: here in item.path.parents)
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            missing = "Debian's Chromium is not installed"
            item.add_marker(pytest.mark.skipif(not CHROMIUM.exists(), reason=missing))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": str(CHROMIUM), "args": ["--no-sandbox"]}


@pytest.fixture(scope="session", autouse=True)
def _orm_beside_a_browser() -> Iterator[None]:
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code;
    # for the whole session, as the database is made and removed beside it too.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of, a refused script for one."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # The browser asks for an icon of its own accord.
        if message.type == "error" and "404" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def boss(page: Page, live_server: LiveServer) -> Page:
    """A page on which who may do everything is logged in."""
    User.objects.create_superuser("boss", password="secret")
    page.goto(f"{live_server.url}/admin/")
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", "secret")
    page.click("text=Log in")
    page.wait_for_url("**/admin/")
    return page
