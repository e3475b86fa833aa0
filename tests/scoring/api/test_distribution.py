from __future__ import annotations

from datetime import date

import pytest

from crm.models import Lead, Outcome
from scoring.models import LeadScore
from tests.http import ApiClient
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


def test_it_counts_the_open_leads_of_each_score(django_assert_num_queries) -> None:
    version = make_version()
    for number, score in enumerate([7, 50, 7, 100]):
        lead = Lead.objects.create(external_id=str(number))
        LeadScore.objects.create(
            lead=lead,
            version=version,
            probability=score / 100,
            score=score,
            revision=1,
            day=date(2026, 3, 1),
        )
    Outcome.objects.create(lead=lead, result="won")
    Lead.objects.create(external_id="unscored")
    api = ApiClient("predict", "leads")
    api.get("/api/score-distribution")
    with django_assert_num_queries(2):  # the key, the count
        answer = api.get("/api/score-distribution").json()
    assert answer == {"scores": [{"score": 7, "leads": 2}, {"score": 50, "leads": 1}]}


def test_it_is_for_those_who_may_see_the_worklist() -> None:
    assert ApiClient("outcomes").get("/api/score-distribution").status_code == 403
