from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from crm.models import Lead, Outcome
from crm.services import LeadData, lead_erase, lead_upsert, leads_upsert
from scoring import registry
from scoring.errors import NoTrainedModel
from scoring.events import events_after, events_latest
from scoring.models import LeadScore, ModelVersion, Prediction
from scoring.services import rescore
from scoring.services.promote import version_promote
from scoring.services.rescore import leads_rescore, leads_rescore_range
from scoring.services.rescore_stale import leads_rescore_stale
from scoring.services.score_store import chunk_store, rows_of, scores_of
from tests.scoring.crowd import SOMEONE
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 1)


@pytest.fixture
def version() -> ModelVersion:
    return make_version(1, is_champion=True)


@pytest.fixture
def leads() -> list[Lead]:
    data = [LeadData(external_id=str(number), interactions=number) for number in range(7)]
    leads_upsert(leads=data, source=Lead.Source.API, actor=SOMEONE)
    return list(Lead.objects.order_by("pk"))


def test_it_scores_every_open_lead_from_its_stored_state(version, leads):
    Outcome.objects.create(lead=leads[0], result="lost")
    found = leads_rescore(day=DAY)
    assert (found.version, found.leads, found.changed) == (version, 6, 6)
    scores = LeadScore.objects.order_by("lead_id")
    assert [each.lead_id for each in scores] == [lead.pk for lead in leads[1:]]
    assert {(each.version, each.revision, each.day) for each in scores} == {(version, 1, DAY)}
    values = [each.score for each in scores]
    assert values == sorted(values)
    assert values == [round(100 * each.probability) for each in scores]


def test_it_keeps_what_it_said_and_which_state_it_saw(version, leads):
    leads_rescore(day=DAY)
    said = Prediction.objects.get(lead=leads[3])
    assert said.history_id == leads[3].history.get().history_id
    assert said.features is None
    assert (said.version, said.source, said.day) == (version, "rescore", DAY)
    assert said.probability == leads[3].current_score.probability


def test_it_keeps_a_prediction_only_where_score_or_version_changed(version, leads):
    leads_rescore(day=DAY)
    data = LeadData(external_id=leads[2].external_id, interactions=19)
    lead_upsert(lead=data, source=Lead.Source.API, actor=SOMEONE)
    again = leads_rescore(day=DAY + timedelta(days=1))
    assert again.changed == 1
    newest = Prediction.objects.first()
    assert newest is not None
    assert newest.lead == leads[2]
    assert newest.history_id == leads[2].history.first().history_id
    assert Prediction.objects.count() == 8
    assert set(LeadScore.objects.values_list("day", flat=True)) == {DAY + timedelta(days=1)}
    assert LeadScore.objects.get(lead=leads[2]).revision == 2


def test_another_version_is_a_change_for_every_lead(version, leads):
    leads_rescore()
    other = make_version(2, is_active=True)
    assert leads_rescore(model_type="logistic-regression").changed == 7
    assert set(LeadScore.objects.values_list("version", flat=True)) == {other.pk}


def test_it_works_in_chunks_and_tells_how_far_it_is(version, leads, monkeypatch):
    monkeypatch.setattr(rescore, "CHUNK", 3)
    monkeypatch.setattr(rescore, "COPY_CHUNK", 3)
    told = []
    leads_rescore(progress=lambda done, total: told.append((done, total)))
    assert told == [(3, 7), (6, 7), (7, 7)]
    assert LeadScore.objects.count() == 7


def test_a_promotion_meanwhile_scores_what_is_left_and_the_worker_does_the_rest(
    version, leads, monkeypatch
):
    monkeypatch.setattr(rescore, "CHUNK", 3)
    monkeypatch.setattr(rescore, "COPY_CHUNK", 3)
    leads_rescore_stale(limit=10)
    newer = make_version(2)

    def promote_at_once(done: int, _total: int) -> None:
        if done == 3:
            version_promote(number=2, reason="meanwhile")

    found = leads_rescore(progress=promote_at_once)
    assert (found.version, found.leads) == (newer, 7)
    scored = list(LeadScore.objects.order_by("lead_id").values_list("version__number", flat=True))
    assert scored == [1, 1, 1, 2, 2, 2, 2]
    assert leads_rescore_stale(limit=10) == 3
    assert set(LeadScore.objects.values_list("version", flat=True)) == {newer.pk}


def test_it_needs_as_many_queries_for_a_chunk_of_many_leads(
    version, leads, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        leads_rescore()


def test_a_chunk_is_one_event_and_nothing_new_is_none(version, leads, monkeypatch):
    monkeypatch.setattr(rescore, "CHUNK", 4)
    monkeypatch.setattr(rescore, "COPY_CHUNK", 4)
    start = events_latest()
    leads_rescore(day=DAY)
    told = [(each.kind, each.payload) for each in events_after(start, 10).events]
    assert told == [
        ("scores.updated", {"leads": count, "changed": count, "modelVersion": 1})
        for count in (4, 3)
    ]
    last = events_latest()
    leads_rescore(day=DAY)
    assert events_latest() == last


def test_a_lead_that_is_erased_meanwhile_is_passed_over(version, leads, monkeypatch):
    def erase_first(store: Callable[..., Any]) -> Callable[..., Any]:
        def storing(*arguments: Any) -> Any:
            lead_erase(external_id=leads[4].external_id, actor=SOMEONE)
            return store(*arguments)

        return storing

    monkeypatch.setattr(rescore, "chunk_store", erase_first(chunk_store))
    if connection.vendor == "postgresql":
        module = import_module("scoring.services.rescore_copy")
        monkeypatch.setattr(module, "scores_write", erase_first(module.scores_write))
    assert leads_rescore().changed == 6
    assert Prediction.objects.count() == 6


def test_without_a_model_of_that_type_it_says_what_to_do(leads):
    with pytest.raises(NoTrainedModel, match="retrain"):
        leads_rescore(model_type="random-forest")


def test_without_a_trained_model_the_scorecard_scores(leads):
    assert leads_rescore().version.model_type == "scorecard"
    assert LeadScore.objects.count() == Lead.objects.open().count()


def test_ranges_of_keys_score_each_lead_once_whoever_does_them(version, leads):
    keys = [lead.pk for lead in leads]
    parts = [
        leads_rescore_range(first=first, last=last, day=DAY)
        for first, last in ((1, keys[2]), (keys[2] + 1, keys[4]), (keys[5], keys[6] + 10))
    ]
    assert [part.leads for part in parts] == [3, 2, 2]
    assert sum(part.changed for part in parts) == 7
    again = leads_rescore_range(first=1, last=keys[6], day=DAY)
    assert (again.leads, again.changed) == (7, 0)
    assert Prediction.objects.count() == 7


def test_a_score_from_a_newer_state_is_kept(version, leads):
    leads_rescore(day=DAY)
    LeadScore.objects.filter(lead=leads[1]).update(revision=9, score=1)
    leads_rescore(day=DAY + timedelta(days=1))
    kept = LeadScore.objects.get(lead=leads[1])
    assert (kept.revision, kept.score, kept.day) == (9, 1, DAY)


ODD: list[dict[str, Any]] = [
    {"industry": "Retail", "budget": 1000, "last_contact": date(2026, 2, 1)},
    {"industry": 'say "hi"', "attributes": {"region": "n", "other": 1}},
    {"industry": "two\nlines, \\ and \t", "attributes": {"region": True}},
    {"company": "", "attributes": {"region": 1}, "interactions": 3},
    {"industry": " ", "attributes": {"region": "s"}, "budget": 0.1, "interactions": 12},
    {"attributes": {"region": None}, "email": "a@b.example", "industry": "\\."},
    {},
]


def test_a_lead_scores_the_same_by_column_as_by_row(version):
    data = [LeadData(external_id=str(number), **given) for number, given in enumerate(ODD)]
    leads_upsert(leads=data, source=Lead.Source.API, actor=SOMEONE)
    leads_rescore(day=DAY)
    loaded = registry.champion()
    rows = rows_of(Lead.objects.all(), 100)
    alone = {score.lead_id: score.probability for score in scores_of(rows, loaded, DAY)}
    stored = dict(LeadScore.objects.values_list("lead_id", "probability"))
    assert stored == alone
    assert len(set(alone.values())) > 4
