"""The worklist and the report in a real browser: by day, by night, on a phone and on paper."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead
from scoring.models import LeadScore, ModelVersion
from tests.scoring.trained import trained
from tests.scoring.versions import make_version

PHONE: ViewportSize = {"width": 390, "height": 800}
DESK: ViewportSize = {"width": 1440, "height": 900}


@pytest.fixture
def version() -> ModelVersion:
    model = trained().finalist
    return make_version(
        5,
        is_champion=True,
        metrics=model.metrics,
        curves=model.curves,
        feature_importance=model.importance,
        report={"dependence": model.dependence, "groups": model.groups},
    )


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def brightness(page: Page, selector: str, what: str) -> float:
    """0 black to 255 white, of the colour that the first such element has."""
    return float(
        page.locator(selector).first.evaluate(
            """(element, what) => {
              const canvas = document.createElement('canvas');
              canvas.width = canvas.height = 1;
              const paint = canvas.getContext('2d');
              paint.fillStyle = getComputedStyle(element).getPropertyValue(what);
              paint.fillRect(0, 0, 1, 1);
              const [red, green, blue] = paint.getImageData(0, 0, 1, 1).data;
              return (red + green + blue) / 3;
            }""",
            what,
        )
    )


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_report_fits_the_screen_and_the_browser_refuses_nothing(
    boss: Page, live_server: LiveServer, complaints: list[str], version: ModelVersion, size
):
    boss.set_viewport_size(size)
    boss.goto(f"{live_server.url}/admin/scoring/modelversion/{version.pk}/report/")
    assert boss.locator("svg.plot").count() >= 8
    assert fits(boss)
    boss.locator("summary").first.click()
    assert boss.locator("details table").first.is_visible()
    assert complaints == []


def test_plots_are_dark_on_light_by_day_and_on_paper_and_light_on_dark_by_night(
    boss: Page, live_server: LiveServer, version: ModelVersion
):
    address = f"{live_server.url}/admin/scoring/modelversion/{version.pk}/report/"

    def contrast() -> float:
        text = brightness(boss, "svg.plot .plot-title", "fill")
        return brightness(boss, ".report .box", "background-color") - text

    boss.emulate_media(color_scheme="light")
    boss.goto(address)
    assert contrast() > 120
    boss.emulate_media(color_scheme="dark")
    boss.goto(address)
    assert contrast() < -120
    boss.emulate_media(color_scheme="dark", media="print")
    assert contrast() > 200
    assert not boss.locator("#nav-sidebar").is_visible()


def test_a_salesperson_asks_for_fewer_calls_and_opens_the_first(
    boss: Page, live_server: LiveServer, complaints: list[str], version: ModelVersion
):
    for number, probability in enumerate((0.3, 0.6, 0.1)):
        lead = Lead.objects.create(external_id=str(number), name=f"Lead {number}", budget=1000)
        LeadScore.objects.create(
            lead=lead,
            version=version,
            probability=probability,
            score=round(100 * probability),
            revision=1,
            day=date(2026, 3, 1),
        )
    boss.set_viewport_size(PHONE)
    boss.goto(f"{live_server.url}/admin/scoring/leadscore/worklist/")
    boss.fill("[name=capacity]", "2")
    boss.click("text=Show")
    assert "2 calls today: expected 0.9 wins, 900" in boss.inner_text(".report .big")
    assert fits(boss)
    boss.click("table a")
    boss.wait_for_selector("[name=_save]")
    assert boss.input_value("[name=name]") == "Lead 1"
    assert complaints == []
