"""What rescoring asks of PostgreSQL; what it stores is in test_rescore."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from crm.models import Lead
from crm.services import LeadData, lead_erase, lead_upsert, leads_upsert
from scoring import registry
from scoring.models import LeadScore, Prediction
from scoring.services.rescore import leads_rescore
from tests.databases import needs_postgresql
from tests.scoring.crowd import SOMEONE
from tests.scoring.versions import make_version

pytestmark = [
    pytest.mark.django_db,
    needs_postgresql,
]

DAY = date(2026, 3, 1)


@pytest.fixture
def leads() -> list[Lead]:
    make_version(1, is_champion=True)
    data = [LeadData(external_id=str(number), interactions=number) for number in range(7)]
    leads_upsert(leads=data, source=Lead.Source.API, actor=SOMEONE)
    leads_rescore(day=DAY)
    return list(Lead.objects.order_by("pk"))


def test_a_score_that_stays_the_same_is_written_beside_the_old_one_without_any_index(leads):
    before = written_in_place()
    leads_rescore(day=DAY + timedelta(days=1))
    assert set(LeadScore.objects.values_list("day", flat=True)) == {DAY + timedelta(days=1)}
    assert written_in_place() - before == len(leads)


def written_in_place() -> int:
    """How many rows of scores this transaction has written so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_stat_get_xact_tuples_hot_updated('scoring_leadscore'::regclass)::int"
        )
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_who_erases_a_lead_waits_for_its_new_prediction_and_erases_that_too(leads):
    from scoring.services import rescore_copy  # noqa: PLC0415 - needs the extra "postgres"

    edited = leads[3]
    data = LeadData(external_id=edited.external_id, interactions=19)
    lead_upsert(lead=data, source=Lead.Source.API, actor=SOMEONE)
    scored = rescore_copy.leads_score(
        registry.champion(), after=0, last=leads[-1].pk, limit=10, day=DAY
    )
    erasing = threading.Thread(target=erase, args=[edited.external_id])
    with transaction.atomic():
        assert rescore_copy.scores_write(scored, registry.champion(), DAY) == 1
        erasing.start()
        erasing.join(0.3)
        assert erasing.is_alive()
    erasing.join()
    assert not Prediction.objects.filter(lead=edited.pk).exists()
    assert Prediction.objects.filter(lead=None).count() == 2


def erase(external_id: str) -> None:
    """In a thread of its own."""
    try:
        lead_erase(external_id=external_id, actor=SOMEONE)
    finally:
        connection.close()
