import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.ml.certainty.familiarity import FLAGGED_SHARE, Familiarity, Likeness
from scoring.ml.certainty.familiarity_fitting import fit_familiarity
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.schema import LeadFeatures
from tests.scoring.ml.builders import examples
from tests.scoring.ml.made import leads

DAY = date(2025, 6, 1)


def crowd(n: int = 600, seed: int = 0) -> Examples:
    rng = np.random.default_rng(seed)
    first = np.datetime64("2025-01-01") + rng.integers(0, 150, n)
    return examples(
        {
            "industry": rng.choice(["Retail", "Banking", "Energy"], n).tolist(),
            "company": [f"Company {number}" for number in range(n)],
            "budget": np.where(rng.random(n) < 0.3, np.nan, rng.lognormal(9, 1, n)).tolist(),
            "interactions": rng.poisson(4, n).astype(float).tolist(),
            "last_contact": (first - rng.integers(0, 60, n)).tolist(),
            "plan": rng.choice(["free", "paid"], n).tolist(),
        },
        day=first,
    )


def fitted(rows: Examples) -> Familiarity:
    found = fit_familiarity(rows, LeadEncoder(placeholders=frozenset({"unknown"})).fit(rows))
    assert found is not None
    return found


ROWS = crowd()
FOUND = fitted(ROWS)


def usual(**changes: Any) -> LeadFeatures:
    """A lead like the others, but for the changes."""
    return LeadFeatures(
        **{
            "industry": "Retail",
            "company": "Somebody new",
            "budget": 8000.0,
            "interactions": 4.0,
            "last_contact": DAY - timedelta(days=20),
            "attributes": {"plan": "free"},
            **changes,
        }
    )


def of(lead: LeadFeatures) -> Likeness:
    return FOUND.likeness([lead], [DAY])[0]


def test_a_usual_lead_is_not_flagged():
    found = of(usual())
    assert (found.enough, found.unlike) == (True, ())
    assert found.share > 0.2


def test_it_names_the_fields_that_are_unlike():
    found = of(usual(industry="Space mining", interactions=400.0))
    assert not found.enough
    assert {column for column, _ in found.unlike} == {"industry", "interactions"}
    assert all(share == 0 for _, share in found.unlike)


def test_one_more_company_that_nobody_has_heard_of_is_nothing_unusual():
    assert of(usual(company="Never Seen Ltd")).distance == of(usual()).distance


def test_a_placeholder_is_a_gap_and_gaps_are_as_common_as_they_were():
    assert of(usual(industry="Unknown")).distance > of(usual()).distance
    assert of(usual(budget=None)).enough


def test_farther_out_is_farther_away():
    far = [of(usual(interactions=float(each))).distance for each in (4, 9, 12, 10_000)]
    assert far == sorted(far)


@given(seed=st.integers(0, 1000), n=st.integers(60, 400))
def test_of_the_leads_learned_from_no_more_are_flagged_than_stated(seed, n):
    rows = leads(n, seed=seed)
    found = fitted(rows)
    flagged = found.distances_of(rows.features) > found.limit
    assert rows.weight @ flagged <= FLAGGED_SHARE * rows.weight.sum() + 1e-9


def test_new_leads_of_the_same_kind_are_seldom_flagged():
    new = crowd(2_000, seed=5)
    assert (FOUND.distances_of(new.features) > FOUND.limit).mean() < 0.03


def test_one_lead_and_many_are_compared_alike():
    rows = crowd(50, seed=9)
    several = FOUND.distances_of(rows.features)
    frame = rows.features
    alone = [
        FOUND.likeness(
            [
                LeadFeatures(
                    industry=row["industry"],
                    company=row["company"],
                    budget=row["budget"],
                    interactions=row["interactions"],
                    last_contact=row["last_contact"].date(),
                    attributes={"plan": row["attributes.plan"]},
                )
            ],
            [row["day"].date()],
        )[0].distance
        for _, row in frame.iterrows()
    ]
    assert alone == pytest.approx(several.tolist())


def test_it_is_the_same_after_storing():
    again = Familiarity.from_dict(json.loads(json.dumps(FOUND.to_dict())))
    assert again == FOUND


def test_it_says_nothing_from_too_few_leads():
    rows = crowd(20)
    assert fit_familiarity(rows, LeadEncoder().fit(rows)) is None
