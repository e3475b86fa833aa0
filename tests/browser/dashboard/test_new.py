"""The dashboard of an installation that is new: it answers by rules and says what to do next."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import log_in
from tests.browser.dashboard.served import Served


def test_it_says_what_to_do_and_scores_the_first_lead_by_rules_that_can_be_read_and_changed(
    page: Page, new_dashboard: Served, complaints: list[str]
):
    log_in(page, new_dashboard)
    expect(page.get_by_role("heading", name="No leads yet")).to_be_visible()
    expect(page.get_by_role("link", name="Import a table")).to_have_attribute(
        "href", "/admin/scoring/job/import-file/"
    )
    page.get_by_role("link", name="Scoring").click()
    expect(page.get_by_role("region", name="Today's calls")).to_contain_text("Nobody to call")
    expect(page.get_by_text("0.0 wins")).to_have_count(0)
    expect(page.get_by_text("Click a bar")).to_have_count(0)
    page.get_by_role("link", name="Leads").click()
    page.get_by_role("button", name="Add the first lead").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Id").fill("first")
    form.get_by_label("Budget").fill("60000")
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").get_by_test_id("score")).to_have_text(re.compile(r"^\d+$"))
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Scoring").click()
    rules = page.get_by_role("region", name="The scorecard's rules")
    expect(rules.get_by_role("row").filter(has_text="Budget is at least").first).to_be_visible()
    expect(page.get_by_role("region", name="How good it is")).to_contain_text("takes outcomes")
    expect(page.get_by_role("region", name="Lift")).to_have_count(0)
    rules.get_by_role("link", name="Change the rules").click()
    expect(page).to_have_url(re.compile(r"/admin/scoring/scorecard/add/"))
    assert complaints == []


def test_a_training_without_outcomes_says_what_is_missing(page: Page, new_dashboard: Served):
    log_in(page, new_dashboard, "/scoring")
    versions = page.get_by_role("region", name="Versions")
    versions.get_by_role("button", name="Train again").click()
    said = versions.get_by_role("alert")
    expect(said).to_contain_text("The last training made no version")
    expect(said).to_contain_text("at least 40 leads that were won")
    expect(versions.get_by_role("button", name="Train again")).to_be_enabled()


def test_filters_that_nothing_matches_are_cleared_by_a_click(page: Page, new_dashboard: Served):
    log_in(page, new_dashboard)
    page.get_by_role("searchbox", name="Search leads").fill("nobody at all")
    page.get_by_role("button", name="Show all leads").click()
    expect(page.get_by_role("searchbox", name="Search leads")).to_have_value("")
