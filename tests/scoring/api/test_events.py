"""GET /api/events, and tickets for sockets."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm.models import Lead
from leadscoring.access.models import WsTicket
from leadscoring.access.tickets import ticket_redeem
from scoring.events import event_write
from scoring.models import Event
from tests.http import ApiClient, fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> ApiClient:
    event_write(kind="test", payload={"name": "older"})
    return ApiClient("leads")


def write(*names: str, owner: str = "", lead: int | None = None) -> None:
    for name in names:
        event_write(kind="test", payload={"name": name}, owner=owner, lead=lead)


def test_without_a_cursor_it_tells_where_to_begin(api: ApiClient) -> None:
    page = api.get("/api/events").json()
    write("a")
    assert (page["events"], page["more"], page["resync"]) == ([], False, False)
    (event,) = api.get(f"/api/events?after={page['next']}").json()["events"]
    created_at = event.pop("createdAt")
    assert datetime.fromisoformat(created_at) <= timezone.now()
    cursor = str(int(page["next"]) + 1)
    assert event == {"kind": "test", "cursor": cursor, "payload": {"name": "a"}}


def test_pages_go_on_without_gap_or_repeat(api: ApiClient) -> None:
    after = api.get("/api/events").json()["next"]
    write(*"abcde")
    found: list[str] = []
    for expected in (True, True, False):
        page = api.get(f"/api/events?after={after}&limit=2").json()
        found += [each["payload"]["name"] for each in page["events"]]
        assert page["more"] is expected
        after = page["next"]
    assert found == list("abcde")


def test_what_is_for_another_caller_is_passed_over(api: ApiClient) -> None:
    after = api.get("/api/events").json()["next"]
    write("mine", owner=f"key:{api.api_key.prefix}")
    write("theirs", owner="key:somebody")
    page = api.get(f"/api/events?after={after}").json()
    assert [each["payload"]["name"] for each in page["events"]] == ["mine"]
    assert page["next"] == str(int(after) + 2)


def test_nothing_is_told_of_an_erased_lead(api: ApiClient) -> None:
    after = api.get("/api/events").json()["next"]
    lead = Lead.objects.create(external_id="1")
    write("Ada", lead=lead.pk)
    lead.delete()
    assert api.get(f"/api/events?after={after}").json()["events"] == []


def test_who_was_away_too_long_is_told_to_reload(api: ApiClient) -> None:
    newest = int(api.get("/api/events").json()["next"])
    page = api.get(f"/api/events?after={newest + 1}").json()
    assert page == {"events": [], "next": str(newest), "more": False, "resync": True}
    Event.objects.update(position=newest + 10)
    assert api.get(f"/api/events?after={newest}").json()["resync"]


def test_a_cursor_that_is_none_is_refused(api: ApiClient) -> None:
    for wrong in ("x", "-1", "1.5", str(2**63)):
        answer = api.get(f"/api/events?after={wrong}")
        assert answer.status_code == 400
        assert fields(answer).keys() == {"after"}


def test_a_ticket_works_once_and_soon(api: ApiClient) -> None:
    answer = api.send("POST", "/api/ws-ticket")
    assert answer.status_code == 201
    text = answer.json()["ticket"]
    assert ticket_redeem(text=text) == f"key:{api.api_key.prefix}"
    assert ticket_redeem(text=text) is None
    late = api.send("POST", "/api/ws-ticket").json()["ticket"]
    WsTicket.objects.update(expires_at=timezone.now())
    assert ticket_redeem(text=late) is None


def test_only_hashes_of_tickets_are_kept_and_old_ones_go(api: ApiClient) -> None:
    first = api.send("POST", "/api/ws-ticket").json()["ticket"]
    assert first not in str(WsTicket.objects.values())
    WsTicket.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    api.send("POST", "/api/ws-ticket")
    assert WsTicket.objects.count() == 1
