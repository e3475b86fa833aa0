"""Groups of leads: which are judged, and when a model is said to be off."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from scoring.ml.judging.groups import FEWEST_LEADS, MOST_GROUPS, grouping_columns, judge_groups
from scoring.ml.judging.judged import Judged


def judged(probability: Any, label: Any, weight: Any = None) -> Judged:
    n = len(label)
    return Judged(
        probability=np.broadcast_to(np.asarray(probability, dtype=float), n),
        base=np.full(n, 0.5),
        chosen=np.zeros(n, dtype=bool),
        label=np.asarray(label, dtype=np.int8),
        weight=np.ones(n) if weight is None else np.asarray(weight, dtype=float),
        lead=np.arange(n),
    )


def groups(rows: Judged, words: list[Any], **options: Any) -> dict[str, dict[str, Any]]:
    frame = pd.DataFrame({"industry": pd.Series(words, dtype=object)})
    (column,) = judge_groups(rows, frame, options.get("placeholders", frozenset()))
    assert column["name"] == "Industry"
    return {group["name"]: group for group in column["groups"]}


def test_leads_are_grouped_by_industry_size_and_where_they_came_from():
    columns = ["company", "industry", "size", "day", "attributes.Source", "attributes.utm_source"]
    columns += ["attributes.resources", "attributes.Lead-Channel", "source"]
    assert grouping_columns(columns) == [
        "industry",
        "size",
        "attributes.Source",
        "attributes.utm_source",
        "attributes.Lead-Channel",
    ]


def test_a_group_that_is_promised_too_much_or_too_little_is_named():
    words = ["Fair"] * 100 + ["Over"] * 100 + ["Under"] * 100
    label = [1] * 30 + [0] * 70 + [1] * 10 + [0] * 90 + [1] * 60 + [0] * 40
    found = groups(judged(0.3, label), words)
    assert {name: group["off"] for name, group in found.items()} == {
        "Fair": None,
        "Over": "over",
        "Under": "under",
    }
    over = found["Over"]
    assert (over["leads"], over["observed"]) == (100, 0.1)
    assert over["predicted"] == pytest.approx(0.3)
    assert over["low"] < 0.1 < over["high"] < 0.3


def test_a_small_group_is_shown_but_never_called_off():
    few = int(FEWEST_LEADS) - 1
    label = [1] * few + [0] * 100
    found = groups(judged(0.01, label), ["Few"] * few + ["Many"] * 100)
    assert found["Few"]["predicted"] < found["Few"]["low"]
    assert found["Few"]["off"] is None


def test_rows_count_by_their_weight():
    label = [1, 1, 1, 0] * 50
    found = groups(judged(0.5, label, [0.2, 0.2, 0.2, 0.4] * 50), ["A", "A", "A", "B"] * 50)
    assert found["A"]["leads"] == pytest.approx(30)
    assert found["B"]["leads"] == pytest.approx(20)


def test_words_are_one_group_whatever_their_case_and_placeholders_are_not_known():
    words = ["Retail", "RETAIL ", "Select", None] * 10
    found = groups(judged(0.5, [0, 1] * 20), words, placeholders=frozenset({"select"}))
    assert {name: group["leads"] for name, group in found.items()} == {
        "Retail": 20,
        "not known": 20,
    }


def test_more_groups_than_one_can_read_are_put_together():
    words = [f"w{row % (MOST_GROUPS + 5)}" for row in range(450)]
    found = groups(judged(0.5, [0, 1] * 225), words)
    assert len(found) == MOST_GROUPS + 1
    assert found["all others"]["leads"] == 5 * 450 / (MOST_GROUPS + 5)


def test_the_order_within_a_group_is_measured_where_both_outcomes_occur():
    found = groups(judged([0.1, 0.9, 0.1, 0.2], [0, 1, 0, 0]), ["Both", "Both", "One", "One"])
    assert (found["Both"]["rocAuc"], found["One"]["rocAuc"]) == (1.0, None)


def test_a_column_with_one_group_tells_nothing():
    frame = pd.DataFrame({"industry": ["Retail"] * 4})
    assert judge_groups(judged(0.5, [0, 1, 0, 1]), frame, frozenset()) == []
