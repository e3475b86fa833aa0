"""Jobs in a real browser: send a file, watch it, call a job off."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from crm.models import Lead
from scoring.jobs import job_start
from scoring.models import Job
from tests.scoring.api.batches.over_http import work


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_file_is_sent_imported_and_seen_as_done(
    boss: Page, live_server: LiveServer, complaints: list[str], tmp_path: Path
):
    path = tmp_path / "leads.csv"
    path.write_text("nr,branch\n1,Retail\n2,Banking\n")
    boss.set_viewport_size({"width": 390, "height": 800})
    boss.goto(f"{live_server.url}/admin/scoring/job/import-file/")
    assert fits(boss)
    boss.set_input_files("[name=file]", path)
    boss.fill("[name=id]", "nr")
    boss.fill("[name=map]", "industry=branch")
    boss.click("button:has-text('Import')")
    boss.wait_for_url("**/change/")
    work()
    boss.goto(f"{live_server.url}/admin/scoring/job/")
    assert boss.locator("progress").first.get_attribute("value") == "1.000"
    assert Lead.objects.count() == 2
    assert complaints == []


def test_a_waiting_job_is_called_off_after_asking_again(
    boss: Page, live_server: LiveServer, complaints: list[str]
):
    job = job_start(kind=Job.Kind.EXPORT, owner="user:1", payload={})
    boss.goto(f"{live_server.url}/admin/scoring/job/{job.pk}/change/")
    boss.click("text=Cancel >> visible=true")
    boss.click("button:has-text('Cancel the job')")
    boss.wait_for_selector("text=It is cancelled.")
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert complaints == []
