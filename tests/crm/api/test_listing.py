"""GET /api/leads: filters, search, order, pages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User

from crm.models import Lead, Outcome
from scoring.models import LeadScore, ModelVersion, Prediction
from tests.http import ApiClient, fields
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> ApiClient:
    """Leads a to f; c is won, d lost; e and f have no score, f nothing at all."""
    version = make_version(metrics={"baseRate": 0.1})
    sue = User.objects.create_user("sue")
    for number, name in enumerate("abcdef"):
        lead = Lead.objects.create(
            external_id=name,
            name=f"Name {name}",
            company="Engine Ltd" if name in "ab" else "Mill",
            email=f"{name}@mail.example",
            industry="Technology" if name != "f" else "",
            owner=sue if name == "b" else None,
            budget=None if name == "f" else 100 * (number % 2),
            last_contact=None if name == "f" else date(2025, 1, 1 + number),
            source="import" if name == "a" else "api",
        )
        if name in "abcd":
            score = 10 * (number // 2)
            LeadScore.objects.create(
                lead=lead,
                version=version,
                probability=score / 100,
                score=score,
                revision=1,
                day=date(2025, 2, 1),
            )
    Outcome.objects.create(lead=Lead.objects.get(external_id="c"), result="won")
    Outcome.objects.create(lead=Lead.objects.get(external_id="d"), result="lost")
    return ApiClient("leads")


def listed(api: ApiClient, **query: Any) -> str:
    response = api.get("/api/leads", query)
    assert response.status_code == 200, response.content
    return "".join(lead["id"] for lead in response.json()["leads"])


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "fedcba"),
        ({"status": "open"}, "feba"),
        ({"status": "won"}, "c"),
        ({"status": "disqualified"}, ""),
        ({"industry": "technology"}, "edcba"),
        ({"owner": "sue"}, "b"),
        ({"source": "import"}, "a"),
        ({"minScore": 10}, "dc"),
        ({"maxScore": 0}, "ba"),
        ({"search": "engine"}, "ba"),
        ({"search": "C@MAIL"}, "c"),
        ({"search": "name d"}, "d"),
        ({"search": "engine", "owner": "sue"}, "b"),
        ({"updatedSince": "2999-01-01T00:00:00Z"}, ""),
        ({"updatedSince": "2020-01-01T00:00:00+02:00"}, "fedcba"),
        ({"ordering": "id"}, "abcdef"),
        ({"ordering": "-score"}, "dcbafe"),
        ({"ordering": "score"}, "efabcd"),
        ({"ordering": "lastContact"}, "fabcde"),
        ({"ordering": "-lastContact"}, "edcbaf"),
        ({"ordering": "-budget"}, "dbecaf"),
        ({"ordering": "updatedAt"}, "abcdef"),
        ({"ordering": "-expectedValue"}, "dcbafe"),
        ({"grade": "C"}, "dc"),
        ({"grade": "D"}, "ba"),
        ({"grade": "A"}, ""),
        ({"limit": 2}, "fe"),
    ],
)
def test_it_lists_what_is_asked_for(api: ApiClient, query: dict[str, Any], expected: str) -> None:
    assert listed(api, **query) == expected


@pytest.mark.parametrize(
    "ordering",
    [
        sign + name
        for name in ("id", "updatedAt", "score", "lastContact", "seenOn", "budget", "expectedValue")
        for sign in ("", "-")
    ],
)
def test_pages_neither_skip_nor_repeat(api: ApiClient, ordering: str) -> None:
    whole = listed(api, ordering=ordering)
    found = ""
    query: dict[str, Any] = {"ordering": ordering, "limit": 1}
    for _ in range(6):
        page = api.get("/api/leads", query).json()
        found += page["leads"][0]["id"]
        query["cursor"] = page["next"]
    assert found == whole
    assert page["next"] is None


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"},
        {"cursor": "ü"},
        {"cursor": "WyItaWQiLDEsMV0="[:-3]},
        {"cursor": "WyJpZCIsMSwxXQ=="},
        {"cursor": "WyItaWQiLCJ4IiwxXQ=="},
        {"cursor": "WyItaWQiLCAxLCAxZTMwXQ=="},
        {"cursor": "WyItaWQiLCA5OTk5OTk5OTk5OTk5OTk5OTk5OTksIDFd"},
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(api: ApiClient, query: dict[str, str]) -> None:
    response = api.get("/api/leads", query)
    assert response.status_code == 400
    assert list(fields(response)) == ["cursor"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("ordering=name", "ordering"),
        ("status=old", "status"),
        ("minScore=x", "minScore"),
        ("updatedSince=2025-01-01", "updatedSince"),
        ("updatedSince=2025-01-01T00:00:00", "updatedSince"),
        ("page=2", "page"),
        ("grade=E", "grade"),
        ("include=all", "include"),
        ("search=%00", "search"),
        ("search=", "search"),
        ("status=won&status=lost", "status"),
    ],
)
def test_it_names_a_parameter_that_is_wrong(api: ApiClient, query: str, field: str) -> None:
    response = api.get(f"/api/leads?{query}")
    assert response.status_code == 400
    assert list(fields(response)) == [field]


def test_a_page_costs_as_many_queries_however_long_it_is(
    api: ApiClient, django_assert_num_queries
) -> None:
    listed(api)
    with django_assert_num_queries(4):  # the key, the order, the leads, their versions
        listed(api)
    with django_assert_num_queries(5):  # and the count
        listed(api, include="total,trend")


def test_it_counts_what_the_filters_let_through_if_asked(api: ApiClient) -> None:
    page = api.get("/api/leads", {"status": "open", "limit": "1", "include": "total"}).json()
    assert (page["total"], len(page["leads"])) == (4, 1)
    assert "total" not in api.get("/api/leads").json()


def test_a_trend_is_the_points_since_the_score_before_by_the_same_model(api: ApiClient) -> None:
    now, other = ModelVersion.objects.get(), make_version(2)
    said = {"a": [(now, 30), (now, 50), (other, 90), (now, 0)], "b": [(other, 70), (now, 0)]}
    for name, scores in said.items():
        for version, score in scores:
            Prediction.objects.create(
                lead=Lead.objects.get(external_id=name),
                version=version,
                probability=score / 100,
                score=score,
                source="rescore",
                day=date(2025, 2, 1),
            )
    page = api.get("/api/leads", {"include": "trend", "ordering": "id"}).json()
    assert [lead["trend"] for lead in page["leads"]] == [-50, None, None, None, None, None]


def test_an_expected_value_is_probability_times_budget(api: ApiClient) -> None:
    leads = api.get("/api/leads", {"ordering": "id"}).json()["leads"]
    assert [lead["expectedValue"] for lead in leads] == [0, 0, 0, 10, None, None]


def test_a_lead_that_the_champion_did_not_score_has_no_top_reason(api: ApiClient) -> None:
    page = api.get("/api/leads", {"include": "reason"}).json()
    assert {lead["topReason"] for lead in page["leads"]} == {None}


def test_a_top_reason_is_the_one_with_the_most_points(api: ApiClient) -> None:
    champion = ModelVersion.objects.get()
    ModelVersion.objects.update(is_champion=True)
    lead = Lead.objects.get(external_id="a")
    lead.interactions = 19
    lead.save()
    page = api.get("/api/leads", {"include": "reason", "search": "name a"}).json()
    top = page["leads"][0]["topReason"]
    assert top["name"] == "Interactions"
    assert top["points"] > 0
    assert top["text"] == f"Interactions 19: +{top['points']:.0f}"
    assert page["leads"][0]["modelVersion"] == champion.number
