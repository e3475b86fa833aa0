"""Shuffling a field costs what the model owes to it, within bounds."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.judging.importance import MOST_ROWS, field_importance
from tests.scoring.ml.made import leads


def importance(rows: Examples, of_column: str) -> list[dict[str, Any]]:
    """Of a model whose odds are one matrix column."""
    encoder = LeadEncoder()
    X = encoder.fit_transform(rows)
    at = encoder.feature_names_.index(of_column)

    def probabilities(X: Any) -> Any:
        return expit(np.nan_to_num(X[:, at]) - 3)

    return field_importance(probabilities, encoder.fields_, X, rows, seed=0)


def test_all_goes_to_the_one_field_that_is_used():
    found = importance(leads(600), "Interactions")
    assert (found[0]["name"], found[0]["value"]) == ("Interactions", pytest.approx(1))
    assert all(each["value"] == each["low"] == each["high"] == 0 for each in found[1:])


def test_bounds_hold_the_value_and_narrow_with_more_leads():
    few, many = (
        importance(leads(200), "Interactions")[0],
        importance(leads(3000), "Interactions")[0],
    )
    for each in (few, many):
        assert each["low"] < each["value"] < each["high"]
    assert many["high"] - many["low"] < (few["high"] - few["low"]) / 2


def test_a_lead_with_many_rows_is_drawn_as_one():
    once = importance(leads(300), "Interactions")[0]
    often = importance(leads(300, rows_a_lead=5), "Interactions")[0]
    widths = [each["high"] - each["low"] for each in (once, often)]
    assert widths[1] > 0.7 * widths[0]


def test_a_model_that_uses_nothing_gives_all_the_same():
    rows = leads(100)
    encoder = LeadEncoder()
    X = encoder.fit_transform(rows)
    found = field_importance(lambda X: np.full(len(X), 0.3), encoder.fields_, X, rows, seed=0)
    assert {each["value"] for each in found} == {1 / len(found)}
    assert {(each["low"], each["high"]) for each in found} == {(0.0, 1.0)}


def test_it_looks_at_no_more_rows_than_it_needs():
    rows = leads(MOST_ROWS + 500)
    encoder = LeadEncoder()
    asked = []

    def probabilities(X: Any) -> Any:
        asked.append(len(X))
        return np.full(len(X), 0.3)

    field_importance(
        probabilities, encoder.fit(rows).fields_, encoder.transform(rows.features), rows, seed=0
    )
    assert set(asked) == {MOST_ROWS}
