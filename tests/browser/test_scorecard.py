"""The scorecard in a real browser: what leads would score shows while somebody types."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead
from scoring.models import ModelVersion, Scorecard
from tests.browser.test_scoring import PHONE, fits

ADD = "/admin/scoring/scorecard/add/"


@pytest.fixture
def editing(boss: Page, live_server: LiveServer) -> Page:
    """The page to edit the scorecard, its first preview there."""
    Lead.objects.create(external_id="lead-7", name="Ada Byron", industry="Software", budget=60_000)
    boss.goto(live_server.url + ADD)
    expect(boss.locator("#scorecard-preview")).to_contain_text("Ada Byron")
    return boss


def shown(page: Page, name: str) -> str:
    """The probability that the preview has for a lead."""
    return page.locator("#scorecard-preview tr", has_text=name).locator("td").nth(2).inner_text()


def test_typing_changes_what_leads_would_score_and_saving_makes_it_so(
    editing: Page, complaints: list[str]
) -> None:
    assert shown(editing, "Ada Byron") == "8.5\u00a0%"  # 15 points, 20 on average
    editing.fill("[name=average_points]", "15")
    expect(editing.locator("#scorecard-preview tr", has_text="Ada Byron")).to_contain_text("10.0")
    editing.get_by_text("Add another rule").click()
    editing.select_option("[name=rules-9-column]", "industry")
    editing.select_option("[name=rules-9-kind]", "one-of")
    editing.fill("[name=rules-9-value]", "Software")
    editing.fill("[name=rules-9-points]", "20")
    expect(editing.locator("#scorecard-preview tr", has_text="Ada Byron")).to_contain_text("18.2")
    assert not Scorecard.objects.filter(rules__column="industry").exists()
    editing.click("[name=_save]")
    expect(editing.locator("body")).to_contain_text("It answers from now on")
    expect(editing.locator("body")).to_contain_text("Added: Industry is one of Software: +20.")
    champion = ModelVersion.objects.champion()
    assert champion is not None
    assert champion.scorecard.rules.count() == 10
    assert complaints == []


def test_what_is_wrong_is_said_while_typing(editing: Page) -> None:
    editing.fill("[name=rules-0-value]", "soon")
    expect(editing.locator("#scorecard-preview")).to_contain_text(
        "Rule 1, Value: Enter a number of days, such as 14."
    )


def test_it_fits_a_phone(editing: Page) -> None:
    editing.set_viewport_size(PHONE)
    assert fits(editing)
