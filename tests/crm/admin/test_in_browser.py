"""The pages in a real browser: scripts, styles and the content security policy included."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead
from crm.services import lead_upsert
from tests.crm.factories import ACTOR, lead_data, stored

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's Chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]


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
        if message.type == "error":
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def test_a_salesperson_finds_a_lead_and_records_a_win(
    page: Page, live_server: LiveServer, complaints: list[str]
):
    User.objects.create_superuser("boss", password="secret")
    for external_id, name in [("1", "Ada Byron"), ("2", "Eve Other")]:
        lead_upsert(lead=lead_data(external_id, name=name), source="api", actor=ACTOR)

    page.goto(f"{live_server.url}/admin/crm/lead/")
    page.fill("[name=username]", "boss")
    page.fill("[name=password]", "secret")
    page.click("text=Log in")
    page.fill("[name=q]", "byron")
    page.press("[name=q]", "Enter")
    page.click("text=Ada Byron")
    page.select_option("[name=outcome-0-result]", "won")
    page.click("[name=_save]")
    page.wait_for_selector("text=was changed successfully")

    assert stored("1").outcome.result == "won"
    assert [lead.external_id for lead in Lead.objects.open()] == ["2"]
    # The browser asks for an icon of its own accord.
    assert [each for each in complaints if "404" not in each] == []
