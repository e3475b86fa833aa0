"""Two at once: threads with their own connections, on the database the tests run on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, connection

from crm.models import Lead
from crm.services import LeadData, lead_upsert, leads_mention
from crm.services.conflicts import TRIES, in_transaction
from tests.crm.factories import ACTOR, lead_data, stored
from tests.databases import needs_postgresql


@pytest.mark.django_db
def test_work_starts_over_when_somebody_else_was_first():
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise IntegrityError
        return "done"

    assert in_transaction(work) == "done"


@pytest.mark.django_db
def test_a_lasting_conflict_is_raised():
    tries: list[int] = []

    def work() -> None:
        tries.append(1)
        raise IntegrityError

    with pytest.raises(IntegrityError):
        in_transaction(work)
    assert len(tries) == TRIES


def at_once(count: int, call: Callable[[int], Any]) -> None:
    start = Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait()
            call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(run, range(count)))


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_the_same_new_lead_from_many_sides_is_created_once():
    at_once(8, lambda number: leads_mention(leads=[lead_data()], actor=ACTOR))

    assert Lead.objects.count() == Lead.history.count() == 1


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_changes_from_many_sides_are_all_counted():
    lead_upsert(lead=LeadData(external_id="1"), source="api", actor=ACTOR)

    at_once(
        8,
        lambda number: lead_upsert(
            lead=LeadData(external_id="1", attributes={f"key {number}": number}),
            source="api",
            actor=ACTOR,
        ),
    )

    assert (stored().revision, stored().history.count()) == (9, 9)
    assert len(stored().attributes) == 8
