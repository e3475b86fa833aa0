"""GET /api/leads?segment=: the leads that a segment's name means."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm.models import Lead
from scoring.ml.segments import find_segments
from scoring.ml.thirds import ACTIVITY, UNKNOWN, percentiles, word
from scoring.models import ModelVersion
from tests.http import ApiClient, fields
from tests.scoring.ml.builders import examples
from tests.scoring.versions import make_version

pytestmark = pytest.mark.django_db
N = 300


@pytest.fixture
def leads() -> dict[str, list[float]]:
    """Stored leads, every tenth value of each column unknown, and the columns themselves."""
    random = np.random.default_rng(7)
    columns = {
        "budget": random.lognormal(9, 1, N).round(2),
        "interactions": random.poisson(4, N).astype(float),
        "previous_purchases": random.poisson(1, N).astype(float),
    }
    for at, values in enumerate(columns.values()):
        values[at::10] = np.nan
    given = {name: values.tolist() for name, values in columns.items()}
    rows = zip(*given.values(), strict=True)
    Lead.objects.bulk_create(
        Lead(
            external_id=str(number),
            **{
                name: None if np.isnan(each) else each
                for name, each in zip(given, row, strict=True)
            },
        )
        for number, row in enumerate(rows)
    )
    return given


@pytest.fixture
def champion(leads: dict[str, list[float]]) -> ModelVersion:
    segments = [each.to_json() for each in find_segments(examples(leads))]
    return make_version(is_champion=True, segments=segments)


def listed(**query: Any) -> set[str]:
    response = ApiClient("leads").get("/api/leads", {"limit": 1000, **query})
    assert response.status_code == 200, response.content
    return {lead["id"] for lead in response.json()["leads"]}


def names(leads: dict[str, list[float]]) -> pd.Series:
    """Each lead's name by its own percentiles."""
    value = percentiles(pd.Series(leads["budget"])).fillna(UNKNOWN)
    counts = [percentiles(pd.Series(leads[name])) for name in ACTIVITY]
    volume = pd.concat(counts, axis=1).mean(axis=1).fillna(UNKNOWN)
    return pd.Series(
        [f"{word(y)} Value, {word(x)} Volume" for x, y in zip(volume, value, strict=True)]
    )


def test_it_lists_the_leads_in_the_thirds_that_name_a_segment(
    leads: dict[str, list[float]], champion: ModelVersion
) -> None:
    expected = names(leads)
    found = [each["name"] for each in champion.segments]
    assert len(found) > 2
    for name in found:
        assert listed(segment=name) == {str(at) for at in expected.index[expected == name]}


def test_a_version_may_be_named(champion: ModelVersion) -> None:
    (only,) = [each.to_json() for each in find_segments(examples({"industry": ["Retail"] * 9}))]
    make_version(2, segments=[only])
    none_known = listed(segment=only["name"], segmentVersion=2)
    assert len(none_known) == N  # where nothing was known, everybody is in the middle
    assert listed(segment=only["name"]) != none_known


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"segment": "Huge Value, No Volume"}, "There are: "),
        ({"segment": "Low Value, Low Volume", "segmentVersion": 77}, "No such model version"),
        ({"segment": "Low Value, Low Volume", "segmentVersion": 3}, "retrain"),
    ],
)
def test_it_says_which_segments_there_are(
    champion: ModelVersion, query: dict[str, Any], says: str
) -> None:
    make_version(3, segments=[{"name": "Low Value, Low Volume", "x": 1, "y": 1, "z": 1}])
    response = ApiClient("leads").get("/api/leads", query)
    assert response.status_code == 400
    assert says in fields(response)["segment"]


def test_a_segment_costs_one_query_more(
    champion: ModelVersion, django_assert_num_queries: Any
) -> None:
    api, name = ApiClient("leads"), champion.segments[0]["name"]
    api.get("/api/leads")
    with django_assert_num_queries(3):  # the key, the order, the leads
        api.get("/api/leads")
    with django_assert_num_queries(4):  # and the segment's limits
        assert api.get("/api/leads", {"segment": name}).status_code == 200
