"""The demo data as rows: leads as they are now, all their earlier states as history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice

from django.contrib.auth.models import User

from crm.days import day_start
from crm.demo import words
from crm.demo.generator import generate
from crm.demo.states import DemoLead, DemoState
from crm.history import write_history
from crm.models import Lead, Outcome
from crm.services import Actor, leads_erase
from crm.services.conflicts import in_transaction

ACTOR = Actor(user=None, label="demo data")
CHUNK = 1_000
OPENING_HOURS = timedelta(hours=9)

STATE_FIELDS = tuple(each.name for each in fields(DemoState))

Progress = Callable[[int], object]


def demo_seed(*, leads: int, seed: int, today: date, progress: Progress) -> int:
    """Store the generated leads that are not there yet; how many that were.

    progress: called with the number of leads done since the last call.
    """
    owners: list[User | None] = [None, *(_salesperson(name) for name in words.SALES_TEAM)]
    created = 0
    for chunk in _chunks(generate(leads=leads, seed=seed, today=today)):
        created += in_transaction(partial(_store, chunk, seed, owners))
        progress(len(chunk))
    return created


def demo_flush(*, progress: Progress) -> int:
    """Erase every demo lead, of whatever seed, and the demo salespeople; how many leads."""
    erased = 0
    demo = Lead.objects.filter(source=Lead.Source.DEMO).order_by("pk")
    while chunk := list(demo.values_list("external_id", flat=True)[:CHUNK]):
        erased += leads_erase(external_ids=chunk, actor=ACTOR)
        progress(len(chunk))
    User.objects.filter(username__in=[_username(name) for name in words.SALES_TEAM]).delete()
    return erased


def external_id(seed: int, number: int) -> str:
    """A demo lead's id; it says what it is."""
    return f"demo-{seed}-{number:06d}"


def _username(name: str) -> str:
    return f"demo-{name.lower()}"


def _salesperson(name: str) -> User:
    user, created = User.objects.get_or_create(
        username=_username(name),
        defaults={"first_name": name, "last_name": "(demo)", "is_active": False},
    )
    if created:
        # Nobody is to log in as somebody who does not exist.
        user.set_unusable_password()
        user.save()
    return user


def _chunks(leads: Iterable[DemoLead]) -> Iterator[list[DemoLead]]:
    rest = iter(leads)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _store(chunk: list[DemoLead], seed: int, owners: list[User | None]) -> int:
    ids = [external_id(seed, each.number) for each in chunk]
    known = set(Lead.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    new = [each for each, name in zip(chunk, ids, strict=True) if name not in known]
    leads = [_row(each, each.states[-1][1], seed, owners, len(each.states)) for each in new]
    Lead.objects.bulk_create(leads)
    _store_history(new, leads, seed, owners)
    _store_outcomes(new, leads)
    return len(new)


def _row(
    lead: DemoLead, state: DemoState, seed: int, owners: list[User | None], revision: int
) -> Lead:
    return Lead(
        external_id=external_id(seed, lead.number),
        owner=owners[lead.owner],
        source=Lead.Source.DEMO,
        revision=revision,
        **{name: getattr(state, name) for name in STATE_FIELDS},
    )


def _store_history(
    new: list[DemoLead], stored: list[Lead], seed: int, owners: list[User | None]
) -> None:
    first: list[tuple[Lead, datetime]] = []
    later: list[tuple[Lead, datetime]] = []
    for lead, row in zip(new, stored, strict=True):
        for revision, (day, state) in enumerate(lead.states, start=1):
            past = _row(lead, state, seed, owners, revision)
            past.pk = row.pk
            (first if revision == 1 else later).append((past, day_start(day) + OPENING_HOURS))
    write_history(
        objects=[past for past, _ in first],
        kind="+",
        actor=ACTOR,
        moments=[moment for _, moment in first],
    )
    write_history(
        objects=[past for past, _ in later],
        kind="~",
        actor=ACTOR,
        moments=[moment for _, moment in later],
    )


def _store_outcomes(new: list[DemoLead], stored: list[Lead]) -> None:
    outcomes = [
        Outcome(
            lead=row,
            source=Lead.Source.DEMO,
            result=lead.outcome.result,
            occurred_on=lead.outcome.occurred_on,
            value=lead.outcome.value,
        )
        for lead, row in zip(new, stored, strict=True)
        if lead.outcome
    ]
    Outcome.objects.bulk_create(outcomes)
    moments = [day_start(lead.outcome.occurred_on) + OPENING_HOURS for lead in new if lead.outcome]
    write_history(objects=outcomes, kind="+", actor=ACTOR, moments=moments)
