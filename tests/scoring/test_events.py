"""The order of events: nothing is passed over, whoever commits when."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from crm.models import Lead
from scoring.events import EventPage, event_write, events_after, events_latest, events_prune
from scoring.models import Event
from tests.databases import needs_postgresql

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def something_older() -> None:
    """Positions go on from an event; other tests have emptied the table."""
    write("older")


def write(*names: str) -> None:
    for name in names:
        event_write(kind="test", payload={"name": name})


def names(page: EventPage) -> list[str]:
    return [each.payload["name"] for each in page.events if each.payload]


def read(cursor: int) -> list[str]:
    return names(events_after(cursor, 100))


def test_a_reader_goes_on_where_it_stopped() -> None:
    start = events_latest()
    write("a", "b", "c")
    page = events_after(start, 2)
    assert names(page) == ["a", "b"]
    assert read(page.cursor) == ["c"]
    after = events_after(page.cursor, 2).cursor
    assert events_after(after, 2).events == []
    assert events_after(after, 2).cursor == after == events_latest()


def test_an_event_of_a_transaction_that_fails_never_was() -> None:
    start = events_latest()

    def fail() -> None:
        with transaction.atomic():
            write("never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    write("then")
    assert read(start) == ["then"]


@needs_postgresql
def test_a_slow_transaction_is_neither_passed_over_nor_waited_for() -> None:
    start = events_latest()
    began, end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            Lead.objects.create(external_id="taken before, so that its transaction is the older")
            write("slow")
            began.set()
            end.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(10)
    write("quick")
    page = events_after(start, 100)
    assert names(page) == ["quick"]
    end.set()
    thread.join()
    assert read(page.cursor) == ["slow"]


@needs_postgresql
def test_readers_at_the_same_time_give_no_place_twice() -> None:
    start = events_latest()
    found: list[list[str]] = []

    def reader() -> None:
        cursor = start
        seen: list[str] = []
        while len(seen) < 120:
            page = events_after(cursor, 7)
            cursor = page.cursor
            seen += names(page)
        found.append(seen)
        connection.close()

    def writer(name: str) -> None:
        for number in range(40):
            with transaction.atomic():
                write(f"{name}{number}")
        connection.close()

    threads = [threading.Thread(target=reader) for _ in range(3)]
    threads += [threading.Thread(target=writer, args=[name]) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == found[2]
    assert sorted(found[0]) == sorted(f"{name}{number}" for name in "abc" for number in range(40))


def test_who_was_away_for_too_long_is_told() -> None:
    write("a", "b", "c")
    Event.objects.exclude(payload__name="c").update(created_at=timezone.now() - timedelta(hours=49))
    old = events_latest() - 3
    assert events_prune() == 3
    page = events_after(old, 10)
    assert page.behind
    assert page.events == []
    assert read(page.cursor - 1) == ["c"]


def test_an_old_event_behind_a_younger_one_is_not_pruned_away_unnoticed() -> None:
    start = events_latest()
    write("a", "b", "c")
    Event.objects.filter(payload__name="b").update(created_at=timezone.now() - timedelta(hours=49))
    assert events_prune() == 0
    assert read(start) == ["a", "b", "c"]


def test_the_newest_event_stays_so_that_places_go_on_from_it() -> None:
    write("a", "b")
    Event.objects.update(created_at=timezone.now() - timedelta(hours=49))
    last = events_latest()
    assert events_prune() >= 1
    assert events_latest() == last
    write("c")
    assert read(last) == ["c"]
    assert not events_after(last, 10).behind


def test_a_cursor_of_another_database_is_behind() -> None:
    write("a")
    page = events_after(events_latest() + 5, 10)
    assert page.behind
    assert page.cursor == events_latest()


def test_an_erased_lead_leaves_only_a_place() -> None:
    lead = Lead.objects.create(external_id="7")
    start = events_latest()
    event_write(kind="test", payload={"name": "Ada"}, lead=lead.pk)
    lead.delete()
    (event,) = events_after(start, 10).events
    assert event.payload is None
    assert event.lead_id is None
