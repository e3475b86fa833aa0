"""What sockets are told, from real processes over real connections."""

from __future__ import annotations

import socket
import struct
from itertools import count

import pytest

from tests.live.site import Site, Watch

_ids = count(1)


@pytest.fixture
def lead(site: Site) -> str:
    """A lead that has its score."""
    lead = f"lead {next(_ids)}"
    with site.watch() as watch:
        watch.next("hello")
        site.api("POST", "/api/leads", {"leads": [{"id": lead, "interactions": 2}]})
        while watch.next("score.updated", "scores.updated")["payload"].get("id", lead) != lead:
            pass
    return lead


def edit(site: Site, lead: str, interactions: int) -> None:
    answer = site.api("PATCH", f"/api/leads/{lead}", {"interactions": interactions})
    assert answer.status_code == 200


def numbers(watch: Watch, until: int) -> list[int]:
    """payload.n of the events `told`, up to this one."""
    found: list[int] = []
    while until not in found:
        found.append(watch.next("told")["payload"]["n"])
    return found


def test_an_edit_arrives_rescored_with_its_receipt(site: Site, lead: str) -> None:
    with site.watch() as watch:
        hello = watch.next()
        assert (hello["kind"], hello["payload"]) == ("hello", {})
        edit(site, lead, interactions=19)
        message = watch.next("score.updated")
    payload = message["payload"]
    assert payload["id"] == lead
    assert payload["score"] > payload["previousScore"]
    assert [each["name"] for each in payload["receipt"]["data"]] == ["Interactions"]
    assert int(message["cursor"]) > int(hello["cursor"])


def test_an_edit_in_the_admin_arrives(site: Site, lead: str) -> None:
    with site.log_in("root") as browser, site.watch_as(browser) as watch:
        watch.next("hello")
        found = browser.get("/admin/crm/lead/", params={"q": lead}).text
        path = next(
            part
            for part in found.split('"')
            if part.startswith("/admin/crm/lead/") and "/change/" in part
        )
        page = browser.get(path.split("?")[0])
        token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        form = {
            "csrfmiddlewaretoken": token,
            "external_id": lead,
            "interactions": "19",
            "attributes": "{}",
            "outcome-TOTAL_FORMS": "0",
            "outcome-INITIAL_FORMS": "0",
        }
        answer = browser.post(page.url, data=form, headers={"Referer": site.origin})
        assert answer.status_code == 200
        assert watch.next("score.updated")["payload"]["id"] == lead


def test_a_promotion_by_a_command_arrives(site: Site) -> None:
    with site.watch() as watch:
        watch.next("hello")
        site.elsewhere.manage("promote", "102", "--reason", "of the tests")
        payload = watch.next("model.promoted")["payload"]
        assert (payload["modelVersion"], payload["previousVersion"]) == (102, 101)
        site.elsewhere.manage("rollback", "--reason", "of the tests")
        assert watch.next("model.promoted")["payload"]["rolledBack"]


def test_what_is_for_one_caller_is_told_to_no_other(site: Site) -> None:
    owner = f"key:{site.key[:8]}"
    with site.log_in("root") as browser, site.watch_as(browser) as other, site.watch() as mine:
        other.next("hello")
        mine.next("hello")
        site.write_events(2, owner=owner)
        site.write_events(3)
        assert numbers(mine, until=2) == [0, 1, 0, 1, 2]
        assert numbers(other, until=2) == [0, 1, 2]


def test_after_a_cut_nothing_is_lost_and_nothing_comes_twice(site: Site) -> None:
    with site.watch() as watch:
        watch.next("hello")
        site.write_events(3)
        assert numbers(watch, until=2) == [0, 1, 2]
        site.write_events(5)
        first = [watch.next("told") for _ in range(2)]
        # Cut off, not closed: the connection is reset.
        linger = struct.pack("ii", 1, 0)
        watch.connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        watch.connection.socket.close()
    with site.watch(f"after={first[-1]['cursor']}") as again:
        assert again.next() == {"kind": "hello", "cursor": first[-1]["cursor"], "payload": {}}
        site.write_events(7)
        assert numbers(again, until=6) == [2, 3, 4, 0, 1, 2, 3, 4, 5, 6]


def test_the_log_over_http_goes_by_the_same_cursor(site: Site) -> None:
    with site.watch() as watch:
        hello = watch.next("hello")
        site.write_events(3)
        told = [watch.next("told") for _ in range(3)]
    page = site.api("GET", f"/api/events?after={hello['cursor']}").json()
    found = [each for each in page["events"] if each["kind"] == "told"]
    assert [(each["cursor"], each["payload"]) for each in found] == [
        (each["cursor"], each["payload"]) for each in told
    ]


def test_who_missed_too_much_is_told_to_reload(site: Site) -> None:
    with site.watch() as watch:
        cursor = watch.next("hello")["cursor"]
    site.write_events(300)
    with site.watch(f"after={cursor}") as late:
        late.next("hello")
        resync = late.next()
        assert resync["kind"] == "resync"
        site.write_events(2)
        assert numbers(late, until=1) == [0, 1]
    with site.watch(f"after={int(resync['cursor']) + 1_000_000}") as strange:
        strange.next("hello")
        assert strange.next()["kind"] == "resync"


def test_a_reader_that_stops_holds_up_nobody_and_reloads_later(site: Site) -> None:
    # The kernel takes little for it, so that the server soon has to wait.
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.connect(("127.0.0.1", site.port))
    with site.watch(sock=narrow, max_queue=1) as slow, site.watch() as quick:
        slow.next("hello")
        quick.next("hello")
        for size in (100_000, 100_000, 1, 1, 1):
            site.write_events(100, size=size)
            assert numbers(quick, until=99) == list(range(100))
        newest = site.api("GET", "/api/events").json()["next"]
        told = [slow.next()]
        while told[-1]["kind"] == "told":
            told.append(slow.next())
        before = [each["payload"]["n"] for each in told[:-1]]
        assert before == [n % 100 for n in range(len(before))]
        assert (told[-1]["kind"], told[-1]["cursor"]) == ("resync", newest)
        site.write_events(2)
        assert numbers(slow, until=1) == [0, 1]
