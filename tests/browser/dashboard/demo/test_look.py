"""What everybody needs of every page: contrast, labels, keys, small screens, little to load."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser.dashboard.conftest import log_in
from tests.browser.dashboard.filling import NOBODY
from tests.browser.dashboard.served import Served

PAGES = {"leads": "/leads", "scoring": "/scoring", "bulk": "/bulk"}
FIRST_LOAD_BYTES = 250_000
Scheme = Literal["light", "dark"]


def settled(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    if "/scoring" in address:
        expect(page.get_by_role("region", name="Lift")).to_be_visible()


def violations(page: Page) -> list[tuple[str, str, str]]:
    """What axe-core finds, by every one of its rules."""
    found = Axe().run(page).response["violations"]
    return [
        (each["id"], node["html"][:200], node["failureSummary"])
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("name", [*PAGES, "lead"])
def test_nothing_stands_in_the_way_of_people_with_a_disability(
    sales: Page, dashboard: Served, name: str
):
    # Without motion: half faded in, a text has another contrast.
    sales.emulate_media(reduced_motion="reduce")
    settled(sales, dashboard.url + PAGES.get(name, "/leads"))
    if name == "lead":
        sales.locator("[data-column=lead] button").first.click()
        expect(sales.get_by_role("list", name="Reasons")).to_be_visible()
    html = sales.locator("html")
    found = {}
    for scheme in get_args(Scheme):
        sales.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        expect(html).to_have_attribute("data-mantine-color-scheme", scheme)
        found[scheme] = violations(sales)
    assert found == {"light": [], "dark": []}


@pytest.mark.parametrize("name", PAGES)
def test_it_fits_a_phone(sales: Page, dashboard: Served, name: str):
    sales.set_viewport_size({"width": 360, "height": 740})
    settled(sales, dashboard.url + PAGES[name])
    assert sales.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", PAGES)
def test_nothing_jumps_while_a_page_loads(sales: Page, dashboard: Served, name: str):
    sales.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => { for (const entry of list.getEntries())"
        " if (!entry.hadRecentInput) window.shift += entry.value; })"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    settled(sales, dashboard.url + PAGES[name])
    assert sales.evaluate("window.shift") < 0.1


def test_a_lead_is_opened_and_left_by_keys_alone(sales: Page):
    first = sales.locator("[data-column=lead] button").first
    first.focus()
    sales.keyboard.press("Enter")
    expect(sales.get_by_role("dialog")).to_be_visible()
    sales.keyboard.press("Escape")
    expect(sales.get_by_role("dialog")).to_be_hidden()
    expect(first).to_be_focused()


def test_whoever_leaves_a_form_is_where_they_were(sales: Page):
    add = sales.get_by_role("button", name="Add a lead")
    add.focus()
    sales.keyboard.press("Enter")
    expect(sales.get_by_role("dialog", name="Add a lead")).to_be_visible()
    sales.keyboard.press("Escape")
    expect(sales.get_by_role("dialog")).to_be_hidden()
    expect(add).to_be_focused()


def test_the_first_page_loads_little_code(dashboard: Served):
    manifest: dict[str, Any] = json.loads(settings.DASHBOARD_MANIFEST.read_text())
    folder = Path(settings.DASHBOARD_MANIFEST).parent.parent
    names, left = set(), ["src/main.tsx"]
    while left:
        entry = manifest[left.pop()]
        if entry["file"] not in names:
            names.add(entry["file"])
            left += entry.get("imports", [])
    size = sum(len(gzip.compress((folder / name).read_bytes())) for name in names)
    assert size < FIRST_LOAD_BYTES
    assert not any("Plots" in name for name in names)


def test_who_may_not_see_leads_is_told_so(page: Page, dashboard: Served):
    log_in(page, dashboard, user=NOBODY)
    expect(page.get_by_role("alert")).to_contain_text("may not see leads")
    expect(page.get_by_role("row")).to_have_count(0)
