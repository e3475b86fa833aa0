"""What the dashboard shows beside a score: segments, how sure it is, what would raise it."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard.asking import send
from tests.browser.dashboard.served import Served


def test_a_click_on_a_bubble_lists_the_leads_of_its_segment(sales: Page, dashboard: Served):
    total = sales.get_by_text(re.compile(r"^[\d,]+ leads?$"))
    everybody = total.inner_text()
    sales.goto(f"{dashboard.url}/scoring")
    plot = sales.get_by_role("region", name="Segments")
    bubbles = plot.locator(".recharts-scatter-symbol")
    expect(bubbles.first).to_be_visible()
    names = plot.get_by_role("list", name="Segments").get_by_role("link").all_inner_texts()
    expect(bubbles).to_have_count(len(names))
    bubbles.first.click()
    expect(sales).to_have_url(re.compile(r"/leads\?segment="))
    name = parse_qs(urlsplit(sales.url).query)["segment"][0]
    assert name in names
    segment = sales.get_by_role("search").get_by_text(name, exact=True)
    expect(segment).to_be_visible()
    expect(total).not_to_have_text(everybody)
    assert int(total.inner_text().split()[0]) > 0
    sales.get_by_role("button", name="Any segment").click()
    expect(segment).to_be_hidden()
    expect(total).to_have_text(everybody)


def test_the_segments_in_words_list_the_same_leads_by_the_keys(sales: Page, dashboard: Served):
    sales.goto(f"{dashboard.url}/scoring")
    link = sales.get_by_role("list", name="Segments").get_by_role("link").last
    name = link.inner_text()
    link.focus()
    sales.keyboard.press("Enter")
    expect(sales.get_by_role("search").get_by_text(name, exact=True)).to_be_visible()


def open_lead(page: Page) -> Locator:
    """The drawer of a lead that can still become better."""
    page.get_by_role("combobox", name="Grade").click()
    page.get_by_role("option", name="Grade C").click()
    expect(page.locator("[data-column=grade]").first).to_have_text("C")
    page.locator("[data-column=lead] button").first.click()
    return page.get_by_role("dialog")


def test_a_score_says_how_sure_it_is_and_by_when_a_win_would_come(sales: Page):
    drawer = open_lead(sales)
    expect(drawer.get_by_text(re.compile(r"Between [\d.]+% and [\d.]+%"))).to_be_visible()
    days = drawer.get_by_role("figure", name="Chance of a win").get_by_role("definition")
    expect(days.first).to_be_visible()
    chances = [float(text.removesuffix("%")) for text in days.all_inner_texts()]
    assert len(chances) > 1
    assert chances == sorted(chances)


def test_a_lead_unlike_all_others_is_said_to_be_so(sales: Page, dashboard: Served):
    lead = {"id": "odd", "name": "Odd One", "budget": 10**12, "interactions": 10**6}
    assert send(sales, "POST", f"{dashboard.url}/api/leads", {"leads": [lead]}).ok
    sales.goto(f"{dashboard.url}/leads?lead=odd")
    warning = sales.get_by_role("dialog").get_by_role("alert")
    expect(warning).to_contain_text("Not enough data like this lead")
    expect(warning.get_by_role("listitem").first).to_be_visible()


def test_a_proposed_change_is_tried_by_a_click(sales: Page):
    drawer = open_lead(sales)
    drawer.get_by_role("tab", name="What if").click()
    tried = drawer.get_by_test_id("what-if-score")
    expect(tried).to_have_text(re.compile(r"^\d+$"))
    proposal = drawer.get_by_role("list", name="Smallest changes").get_by_role("button").first
    promised = re.findall(r"\d+", proposal.locator("strong").inner_text())[0]
    back = drawer.get_by_role("button", name="As it is")
    expect(back).to_be_disabled()
    proposal.click()
    expect(back).to_be_enabled()
    expect(tried).to_have_text(promised)
    back.click()
    expect(back).to_be_disabled()
