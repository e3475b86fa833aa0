"""The product's way round: from a lead to its outcome, to a better model, to everybody's screen."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard.asking import send
from tests.browser.dashboard.conftest import log_in
from tests.browser.dashboard.filling import SELLER
from tests.browser.dashboard.served import Served

# All model types, on a machine that is busy with other tests.
TRAINING_MS = 300_000


def versions_on(page: Page) -> Locator:
    return page.get_by_role("region", name="Versions")


def newest_to_promote(versions: Locator) -> int:
    """The newest version that does not answer already."""
    button = versions.get_by_role("button", name="Promote version").first
    return int((button.get_attribute("aria-label") or "").removeprefix("Promote version "))


def test_a_lead_is_scored_explained_tried_out_and_won_and_what_is_learned_answers_everywhere(
    sales: Page, second: Page, complaints: list[str]
):
    # From the list to the dashboard with a score of this moment.
    name = sales.locator("[data-column=lead] button").first.inner_text()
    sales.get_by_role("searchbox", name="Search leads").fill(name)
    expect(sales).to_have_url(re.compile("search="))
    sales.get_by_role("checkbox", name=f"Select {name}").first.check()
    sales.get_by_role("region", name="Selected leads").get_by_role("button", name="Score").click()
    predictions = sales.get_by_role("region", name="Predictions")
    row = predictions.get_by_role("row").filter(has_text=name)
    score = int(row.get_by_role("cell").nth(1).inner_text())

    # Why, and what if.
    row.get_by_role("button", name=name).click()
    drawer = sales.get_by_role("dialog", name=name)
    expect(drawer.get_by_test_id("score")).to_have_text(str(score))
    expect(drawer.get_by_role("list", name="Reasons").get_by_role("listitem").first).to_be_visible()
    drawer.get_by_role("tab", name="What if").click()
    tried = drawer.get_by_test_id("what-if-score")
    expect(tried).to_have_text(str(score))
    # One of them alone may mean nothing to a model of few leads.
    for knob in ("Last contact", "Interactions", "Previous purchases", "Budget"):
        drawer.get_by_role("slider", name=knob).press("End")
    expect(tried).not_to_have_text(str(score))

    # The outcome; taken back and recorded again.
    for step in ("Undo", None):
        drawer.get_by_role("button", name="Record the outcome").click()
        save = sales.get_by_role("button", name="Save the outcome")
        save.click()
        expect(save).to_be_hidden()
        expect(drawer.get_by_text("Won", exact=True)).to_be_visible()
        if step:
            sales.get_by_role("button", name=step).click()
            expect(drawer.get_by_text("Open", exact=True)).to_be_visible()
    drawer.get_by_role("button", name="Close", exact=True).click()
    expect(drawer).to_be_hidden()

    # It is learned from.
    own = versions_on(sales)
    before = newest_to_promote(own)
    versions = own.get_by_role("row").count()
    own.get_by_role("button", name="Train again").click()
    progress = own.get_by_role("progressbar", name="How far the training is")
    expect(progress).to_be_visible()
    expect(own.get_by_role("button", name="Train again")).to_be_disabled()
    expect(progress).to_be_hidden(timeout=TRAINING_MS)
    expect(own.get_by_text(re.compile("^Trained "))).to_be_visible()
    expect(own.get_by_role("row").nth(versions)).to_be_visible()
    chosen = newest_to_promote(own)
    assert chosen > before

    # Who may, lets it answer, and everybody sees so.
    own.get_by_role("button", name=f"Promote version {chosen}").click()
    form = sales.get_by_role("dialog")
    form.get_by_label("Why").fill("Easier to explain")
    form.get_by_role("button", name="Promote").click()
    theirs = versions_on(second).get_by_role("row")
    number = second.get_by_role("cell", name=str(chosen), exact=True)
    expect(theirs.filter(has=number)).to_contain_text("Champion")
    expect(second.get_by_text("Easier to explain").first).to_be_visible()
    expect(second.get_by_role("region", name=f"Version {chosen}:")).to_contain_text("Champion")
    assert complaints == []


def test_who_only_sells_is_neither_offered_to_train_nor_to_promote_and_may_not(
    page: Page, dashboard: Served
):
    log_in(page, dashboard, "/scoring", user=SELLER)
    versions = versions_on(page)
    expect(versions.get_by_text("Champion")).to_be_visible()
    expect(versions.get_by_role("button")).to_have_count(0)
    training = send(page, "POST", f"{dashboard.url}/api/jobs", {"kind": "retrain"})
    promotion = send(page, "POST", f"{dashboard.url}/api/models/1/promote", {"reason": "I like it"})
    assert (training.status, promotion.status) == (403, 403)
