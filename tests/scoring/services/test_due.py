from datetime import timedelta

import pytest
from django.utils import timezone

from crm.models import Lead
from scoring.services.due import retrain_is_due
from tests.scoring.crowd import TODAY, add_crowd
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    return make_version(3, created_at=timezone.now(), row_counts={"leadsUsed": 100})


def test_it_is_due_when_no_model_was_trained():
    assert retrain_is_due().due


def test_it_is_not_due_without_anything_new(version):
    found = retrain_is_due()
    assert not found.due
    assert "New since version 3: 0 outcomes" in found.reason


@pytest.mark.parametrize(("leads", "due"), [(19, False), (20, True)])
def test_it_takes_twenty_new_outcomes(leads, due):
    make_version(1, created_at=timezone.now() - timedelta(days=9999))
    add_crowd(leads)
    assert retrain_is_due(today=TODAY).due == due


@pytest.mark.parametrize(("used", "due"), [(500, True), (501, False)])
def test_it_takes_five_percent_of_what_the_latest_learned_from(used, due):
    long_ago = timezone.now() - timedelta(days=9999)
    make_version(1, created_at=long_ago, row_counts={"leadsUsed": used})
    add_crowd(25)
    assert retrain_is_due(today=TODAY).due == due


@pytest.mark.parametrize(("days", "due"), [(88, False), (89, True), (200, True)])
def test_open_leads_whose_window_has_closed_since_count_too(version, days, due):
    day = timezone.localdate(version.created_at)
    add_open(20, seen_on=day + timedelta(days=1))
    assert retrain_is_due(today=day + timedelta(days=days + 2)).due == due


def add_open(count: int, **fields: object) -> None:
    Lead.objects.bulk_create(
        Lead(external_id=f"open-{number}", **fields) for number in range(count)
    )


def test_it_is_due_when_the_window_was_changed(version, settings):
    settings.OUTCOME_WINDOW_DAYS = 30
    assert "30 days now" in retrain_is_due().reason
