"""The pages of leads in a real browser: scripts, styles and the security policy included."""

from __future__ import annotations

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead
from crm.services import lead_upsert
from tests.crm.factories import ACTOR, lead_data, stored


def test_a_salesperson_finds_a_lead_and_records_a_win(
    boss: Page, live_server: LiveServer, complaints: list[str]
):
    for external_id, name in [("1", "Ada Byron"), ("2", "Eve Other")]:
        lead_upsert(lead=lead_data(external_id, name=name), source="api", actor=ACTOR)

    boss.goto(f"{live_server.url}/admin/crm/lead/")
    boss.fill("[name=q]", "byron")
    boss.press("[name=q]", "Enter")
    boss.click("text=Ada Byron")
    boss.select_option("[name=outcome-0-result]", "won")
    boss.click("[name=_save]")
    boss.wait_for_selector("text=was changed successfully")

    assert stored("1").outcome.result == "won"
    assert [lead.external_id for lead in Lead.objects.open()] == ["2"]
    assert complaints == []


def test_saving_an_open_lead_leaves_it_open(boss: Page, live_server: LiveServer):
    lead_upsert(lead=lead_data("1", name="Ada Byron"), source="api", actor=ACTOR)
    boss.goto(f"{live_server.url}/admin/crm/lead/")
    boss.click("text=Ada Byron")
    boss.fill("[name=interactions]", "9")
    boss.click("[name=_save]")
    boss.wait_for_selector("text=was changed successfully")

    assert stored("1").interactions == 9
    assert Lead.objects.open().count() == 1
