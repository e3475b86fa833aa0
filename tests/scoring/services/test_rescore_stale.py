"""Leads whose score is behind are found, scored and told of, without a signal or a full scan."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from crm.importing.timeline import IMPORTED
from crm.models import Lead, Outcome
from crm.services import LeadData, lead_erase, lead_upsert, leads_upsert, outcome_withdraw
from crm.values import Actor
from scoring.events import events_after, events_latest
from scoring.grades import GradeScale
from scoring.models import LeadScore, ModelVersion, Prediction, Rescoring
from scoring.services import rescore_stale
from scoring.services.promote import champion_roll_back, version_promote
from scoring.services.rescore import leads_rescore
from scoring.services.rescore_stale import leads_rescore_stale
from scoring.services.score_history import score_history
from tests.databases import needs_postgresql
from tests.http import ApiClient
from tests.scoring.crowd import SOMEONE
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> ModelVersion:
    made = make_version(1, metrics={"baseRate": 0.5})
    version_promote(number=1, reason="first")
    made.refresh_from_db()
    return made


@pytest.fixture
def leads(version: ModelVersion) -> list[Lead]:
    """Seven leads whose scores are up to date."""
    data = [LeadData(external_id=str(number), interactions=number) for number in range(7)]
    leads_upsert(leads=data, source=Lead.Source.API, actor=SOMEONE)
    leads_rescore()
    work_off()
    return list(Lead.objects.order_by("pk"))


def work_off(limit: int = 1_000) -> int:
    """Until nothing is left; how many were rescored."""
    total = 0
    while done := leads_rescore_stale(limit=limit):
        total += done
    leads_rescore_stale(limit=limit)
    return total


def edit(number: int, interactions: int) -> None:
    data = LeadData(external_id=str(number), interactions=interactions)
    lead_upsert(lead=data, source=Lead.Source.API, actor=SOMEONE)


def told_since(cursor: int) -> list[tuple[str, Any]]:
    return [(each.kind, each.payload) for each in events_after(cursor, 1_000).events]


def stale() -> int:
    return sum(
        each.current_score.revision < each.revision or not each.current_score.version.is_champion
        for each in Lead.objects.open()
    )


def test_a_new_installation_scores_every_open_lead_once(version):
    leads_upsert(
        leads=[LeadData(external_id=str(number)) for number in range(7)],
        source=Lead.Source.IMPORT,
        actor=SOMEONE,
    )
    Outcome.objects.create(lead=Lead.objects.get(external_id="0"), result="won")
    assert work_off(limit=3) == 6
    assert LeadScore.objects.count() == 6
    assert work_off() == 0


def test_leads_whose_scores_are_up_to_date_are_left_alone(leads):
    before = list(LeadScore.objects.values_list("lead", "scored_at"))
    start = events_latest()
    assert work_off() == 0
    assert list(LeadScore.objects.values_list("lead", "scored_at")) == before
    assert told_since(start) == []


def test_an_edit_is_rescored_and_told_with_its_receipt(leads: list[Lead]) -> None:
    start = events_latest()
    before = LeadScore.objects.get(lead=leads[2])
    edit(2, interactions=19)
    assert work_off() == 1
    after = LeadScore.objects.get(lead=leads[2])
    assert after.revision == 2
    assert after.score > before.score
    ((kind, payload),) = told_since(start)
    assert kind == "score.updated"
    receipt = payload.pop("receipt")
    scale = GradeScale.of_base_rate(0.5)
    assert scale.grade(before.probability) != scale.grade(after.probability)
    assert payload == {
        "id": "2",
        "score": after.score,
        "previousScore": before.score,
        "grade": scale.grade(after.probability),
        "previousGrade": scale.grade(before.probability),
        "conversionProbability": after.probability,
        "modelVersion": 1,
    }
    assert receipt["change"] == pytest.approx(100 * (after.probability - before.probability))
    assert [each["name"] for each in receipt["data"]] == ["Interactions"]
    assert receipt["data"][0]["points"] + receipt["base"] == pytest.approx(receipt["change"])


def test_the_receipt_is_that_of_the_leads_history(leads):
    start = events_latest()
    edit(2, interactions=19)
    work_off()
    ((_, payload),) = told_since(start)
    api = ApiClient("leads")
    newest = api.get("/api/leads/2/scores").json()["scores"][0]
    assert payload["receipt"] == newest["receipt"]
    (past, *_), _ = score_history(lead=leads[2], limit=1)
    assert past.receipt is not None


def test_a_prediction_of_other_data_in_between_does_not_spoil_the_receipt(leads):
    start = events_latest()
    api = ApiClient("predict")
    api.send("POST", "/api/predict", {"leads": [{"id": 2, "interactions": 11}]})
    before = LeadScore.objects.get(lead=leads[2])
    edit(2, interactions=19)
    work_off()
    ((_, payload),) = told_since(start)
    change = 100 * (payload["conversionProbability"] - before.probability)
    assert payload["receipt"]["change"] == pytest.approx(change)


def test_an_edit_that_does_not_move_the_score_is_told_without_a_receipt(leads):
    start = events_latest()
    said = Prediction.objects.count()
    lead_upsert(lead=LeadData(external_id="2", name="Ada"), source=Lead.Source.API, actor=SOMEONE)
    assert work_off() == 1
    ((kind, payload),) = told_since(start)
    assert kind == "score.updated"
    assert payload["score"] == payload["previousScore"]
    assert payload["receipt"] is None
    assert Prediction.objects.count() == said


def test_a_new_lead_is_scored_and_told(leads):
    start = events_latest()
    edit(8, interactions=12)
    assert work_off() == 1
    ((kind, payload),) = told_since(start)
    assert (kind, payload["id"]) == ("score.updated", "8")
    assert payload["previousScore"] is payload["previousGrade"] is payload["receipt"] is None


def test_an_edit_in_the_admin_is_rescored(leads):
    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    path = f"/admin/crm/lead/{leads[2].pk}/change/"
    form = client.get(path).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    sent = {name: value for name, value in values.items() if value is not None}
    management = {"outcome-TOTAL_FORMS": 0, "outcome-INITIAL_FORMS": 0}
    answer = client.post(path, {**sent, "attributes": "{}", "interactions": 19, **management})
    assert answer.status_code == 302
    assert work_off() == 1
    assert LeadScore.objects.get(lead=leads[2]).revision == 2


def test_an_edit_through_the_api_is_rescored(leads):
    start = events_latest()
    api = ApiClient("leads")
    assert api.send("PATCH", "/api/leads/2", {"interactions": 19}).status_code == 200
    assert work_off() == 1
    assert [payload["id"] for _, payload in told_since(start)] == ["2"]


def test_a_promotion_brings_all_open_leads_over_in_bulk(leads):
    Outcome.objects.create(lead=leads[0], result="lost")
    make_version(2, seed=1)
    version_promote(number=2, reason="newer")
    start = events_latest()
    assert leads_rescore_stale(limit=4) == 4
    assert leads_rescore_stale(limit=4) == 2
    assert work_off() == 0
    assert stale() == 0
    chunks = [{"leads": count, "changed": count, "modelVersion": 2} for count in (4, 2)]
    assert told_since(start) == [("scores.updated", chunk) for chunk in chunks]
    champion_roll_back(reason="worse")
    assert work_off() == 6
    assert stale() == 0


def test_an_edit_does_not_wait_for_the_leads_that_a_promotion_left_behind(leads):
    make_version(2, seed=1)
    version_promote(number=2, reason="newer")
    assert leads_rescore_stale(limit=2) == 2
    edit(6, interactions=19)
    assert leads_rescore_stale(limit=2) == 1
    score = LeadScore.objects.get(lead=leads[6])
    assert (score.revision, score.version.number) == (2, 2)
    assert work_off(limit=2) == 4
    assert stale() == 0


def test_an_edit_does_not_wait_behind_the_leads_of_a_large_file(leads):
    file = Actor(user=None, label=f"{IMPORTED}leads.csv")
    data = [LeadData(external_id=f"new {number}", interactions=number) for number in range(5)]
    leads_upsert(leads=data, source=Lead.Source.IMPORT, actor=file)
    edit(6, interactions=19)
    edit(5, interactions=19)
    leads_upsert(leads=data[:1], source=Lead.Source.IMPORT, actor=file)
    assert leads_rescore_stale(limit=3) == 2
    assert LeadScore.objects.filter(revision=2).count() == 2
    assert work_off(limit=3) == 5
    assert stale() == 0


def test_many_edits_at_once_are_told_together(leads, monkeypatch):
    monkeypatch.setattr(rescore_stale, "TOLD_ONE_BY_ONE", 3)
    start = events_latest()
    for number in range(5):
        edit(number, interactions=19)
    assert work_off() == 5
    told = {"leads": 5, "changed": 5, "modelVersion": 1}
    assert told_since(start) == [("scores.updated", told)]


def test_closed_and_erased_leads_are_passed_over(leads):
    for number in (1, 2):
        edit(number, interactions=19)
    Outcome.objects.create(lead=leads[1], result="won")
    lead_erase(external_id="2", actor=SOMEONE)
    assert work_off() == 0


def test_a_withdrawn_outcome_brings_in_what_was_edited_meanwhile(leads):
    api = ApiClient("outcomes", "leads")
    body = {"outcomes": [{"id": 2, "result": "won"}]}
    assert api.send("POST", "/api/outcomes", body).status_code == 200
    edit(2, interactions=19)
    assert work_off() == 0
    assert LeadScore.objects.get(lead=leads[2]).revision == 1
    start = events_latest()
    assert api.send("DELETE", "/api/leads/2/outcome").status_code == 204
    assert work_off() == 1
    score = LeadScore.objects.get(lead=leads[2])
    assert score.revision == 2
    ((kind, payload),) = told_since(start)
    assert (kind, payload["id"], payload["score"]) == ("score.updated", "2", score.score)
    assert [each["name"] for each in payload["receipt"]["data"]] == ["Interactions"]


def test_a_withdrawn_outcome_brings_in_a_champion_chosen_meanwhile(leads):
    Outcome.objects.create(lead=leads[2], result="lost")
    make_version(2, seed=1)
    version_promote(number=2, reason="newer")
    assert work_off() == 6
    outcome_withdraw(external_id="2", actor=SOMEONE)
    assert work_off() == 1
    assert stale() == 0


def test_an_outcome_withdrawn_from_a_lead_that_nothing_happened_to_changes_nothing(leads):
    Outcome.objects.create(lead=leads[2], result="lost")
    outcome_withdraw(external_id="2", actor=SOMEONE)
    start = events_latest()
    assert work_off() == 0
    assert told_since(start) == []


def test_withdrawals_beyond_the_limit_are_not_passed_over(leads):
    for number in range(5):
        Outcome.objects.create(lead=leads[number], result="won")
        edit(number, interactions=19)
    assert work_off() == 0
    for number in range(5):
        outcome_withdraw(external_id=str(number), actor=SOMEONE)
    assert [leads_rescore_stale(limit=2) for _ in range(3)] == [2, 2, 1]
    assert stale() == 0


def test_without_work_it_only_reads(leads, django_assert_max_num_queries):
    with django_assert_max_num_queries(6) as captured:
        leads_rescore_stale(limit=100)
    assert {each["sql"].split()[0] for each in captured.captured_queries} == {"SELECT"}


def test_work_costs_as_many_queries_for_many_leads(leads, django_assert_max_num_queries):
    make_version(2, seed=1)
    version_promote(number=2, reason="newer")
    with django_assert_max_num_queries(24):
        assert leads_rescore_stale(limit=100) == 7


def test_one_worker_goes_on_at_a_time_and_a_dead_one_is_replaced(leads):
    edit(2, interactions=19)
    state = Rescoring.objects.get()
    assert state.take() is not None
    assert leads_rescore_stale(limit=10) == 0
    Rescoring.objects.update(held_until=timezone.now() - timedelta(seconds=1))
    assert leads_rescore_stale(limit=10) == 1


def test_a_failure_loses_nothing(leads, monkeypatch):
    edit(2, interactions=19)

    def fail(**_event: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("scoring.services.rescore_tell.event_write", fail)
        with pytest.raises(ZeroDivisionError):
            leads_rescore_stale(limit=10)
    assert LeadScore.objects.get(lead=leads[2]).revision == 1
    assert work_off() == 1


@pytest.mark.django_db(transaction=True)
@needs_postgresql
def test_a_slow_edit_is_not_passed_over_and_holds_no_other_back(leads):
    began, end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            edit(1, interactions=19)
            began.set()
            end.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert began.wait(10)
    edit(2, interactions=19)
    assert work_off() == 1
    end.set()
    thread.join()
    assert work_off() == 1
    assert stale() == 0
