"""The dashboard as a salesperson uses it: a real browser, server, worker, data and models."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard.asking import send
from tests.browser.dashboard.served import Served
from tests.browser.dashboard.wire import Wire

NUMBER = re.compile(r"^\d+$")


def test_selected_leads_are_scored_by_a_chosen_type_beside_another(sales: Page):
    boxes = sales.get_by_role("checkbox", name="Select ")
    boxes.nth(0).check()
    boxes.nth(1).check()
    sales.get_by_role("region", name="Selected leads").get_by_role("button", name="Score").click()
    table = sales.get_by_role("region", name="Predictions")
    expect(table.get_by_role("row")).to_have_count(3)
    sales.get_by_role("combobox", name="Compare with").click()
    sales.get_by_role("option", name="Logistic regression").click()
    expect(table.get_by_role("columnheader", name="Difference")).to_be_visible()


def test_the_form_says_what_the_server_would_refuse_and_saves_the_rest(sales: Page):
    sales.get_by_role("button", name="Add a lead").click()
    form = sales.get_by_role("dialog")
    form.get_by_label("Id").fill("form-1")
    form.get_by_label("Budget").fill("-5")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Must be 0 or more.")).to_be_visible()
    form.get_by_label("Budget").fill("5000")
    form.get_by_label("Interactions").fill("12")
    form.get_by_role("button", name="Save").click()
    # The worker scores it; the open page is told.
    expect(sales.get_by_role("dialog").get_by_test_id("score")).to_have_text(NUMBER)


def test_a_dropped_file_is_scored_and_its_results_downloaded(sales: Page, tmp_path: Path):
    file = tmp_path / "leads.csv"
    rows = "".join(f"{number};Software;{1000 * number};{number}\n" for number in range(1, 31))
    file.write_text("Lead ID;Industry;Budget;Interactions\n" + rows)
    sales.get_by_role("link", name="Bulk").click()
    sales.set_input_files("input[type=file]", file)
    expect(sales.get_by_role("combobox", name="Id")).to_have_value("Lead ID")
    sales.get_by_role("button", name="Score the file").click()
    expect(sales.get_by_text("30 leads scored")).to_be_visible()
    with sales.expect_download() as download:
        sales.get_by_role("link", name="Download the results").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == 31


@pytest.fixture
def watched(sales: Page, dashboard: Served) -> str:
    """The name and id of a lead of this test's own, which the worker will score."""
    name = f"Wanda-{secrets.token_hex(4)}"
    lead = {"id": name, "name": name, "interactions": 0, "budget": 10}
    assert send(sales, "POST", f"{dashboard.url}/api/leads", {"leads": [lead]}).ok
    return name


def score_of(page: Page, dashboard: Served, name: str) -> Locator:
    """Where the list shows the score of the only lead of that name."""
    page.goto(f"{dashboard.url}/leads?search={name}")
    row = page.get_by_role("row").filter(has_text=name)
    score = row.locator("[data-column=score]")
    expect(score).to_have_text(NUMBER)
    expect(row).to_have_count(1)
    return score


def edit(page: Page, dashboard: Served, name: str, **fields: str) -> None:
    """Change a lead in the admin, as a colleague would."""
    page.goto(f"{dashboard.url}/admin/crm/lead/?q={name}")
    page.click(f"text={name}")
    for field, value in fields.items():
        page.fill(f"[name={field}]", value)
    page.click("[name=_save]")


GOOD = {"interactions": "40", "position": "CEO", "budget": "90000"}
BAD = {"interactions": "0", "position": "", "budget": "10"}


def test_an_edit_in_the_admin_shows_up_on_an_open_list_scored_again(
    sales: Page, dashboard: Served, watched: str
):
    score = score_of(sales, dashboard, watched)
    before = score.inner_text()
    edit(sales.context.new_page(), dashboard, watched, **GOOD)
    expect(score).not_to_have_text(before)
    expect(score).to_have_count(1)


def test_after_a_break_of_the_network_nothing_is_missing_and_nothing_is_there_twice(
    sales: Page, second: Page, dashboard: Served, watched: str
):
    wire = Wire(sales)
    score = score_of(sales, dashboard, watched)
    before = score.inner_text()
    colleagues = score_of(second, dashboard, watched)
    expect(colleagues).to_have_text(before)

    wire.cut()
    expect(sales.get_by_text("You are offline")).to_be_visible()
    edit(second.context.new_page(), dashboard, watched, **GOOD)
    expect(colleagues).not_to_have_text(before)
    now = colleagues.inner_text()
    expect(score).to_have_text(before)

    wire.mend()
    expect(sales.get_by_text("You are offline")).to_be_hidden()
    expect(score).to_have_text(now)
    expect(score).to_have_count(1)
    # And not by reading once: it is live again.
    edit(second.context.new_page(), dashboard, watched, **BAD)
    expect(score).not_to_have_text(now)
    told = [(message["kind"], message["cursor"]) for message in wire.messages]
    updates = [each for each in told if each[0] == "score.updated"]
    assert len(updates) == len(set(updates))
