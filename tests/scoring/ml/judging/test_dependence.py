"""What a model says on average with one field set, against models whose answer is known."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.examples import Examples
from scoring.ml.judging.dependence import MOST_FIELDS, MOST_POINTS, ROWS_ASKED, partial_dependence
from tests.scoring.ml.builders import FIRST_DAY, examples

ROWS = 400


def rows(**columns: Any) -> Examples:
    day = FIRST_DAY + np.arange(ROWS)
    label = np.arange(ROWS) % 3 == 0
    return examples(columns, label=label, day=day)


def dependence(
    of: Examples,
    names: list[str],
    weights: dict[str, float],
    placeholders: frozenset[str] = frozenset({""}),
) -> list[dict[str, Any]]:
    """Of a linear model: `weights` by the name of a matrix column; missing numbers count 0."""
    encoder = LeadEncoder(placeholders=placeholders).fit(of)
    factors = np.array([weights.get(name, 0.0) for name in encoder.feature_names_])

    def probabilities(X: Any) -> Any:
        return expit(np.nan_to_num(X) @ factors)

    return partial_dependence(probabilities, encoder, of, names, seed=0)


def test_a_number_is_tried_at_its_quantiles_the_rest_as_it_is():
    rng = np.random.default_rng(0)
    numbers = rng.uniform(0, 10, ROWS).tolist()
    of = rows(interactions=numbers, budget=rng.uniform(0, 10, ROWS).tolist())
    (found,) = dependence(of, ["Interactions"], {"Interactions": 0.5, "Budget": 0.1})
    points = found["points"]
    assert found["kind"] == "number"
    assert len(points) == MOST_POINTS
    assert points[0]["at"] < 0.5
    assert points[-1]["at"] > 9.5
    assert sum(point["share"] for point in points) == pytest.approx(1)
    for point in points:
        # The budget adds 0.5 to the odds on average.
        assert point["probability"] == pytest.approx(expit(0.5 * point["at"] + 0.5), abs=0.02)


def test_a_count_is_tried_at_each_of_its_values():
    of = rows(interactions=[float(row % 3) for row in range(ROWS)])
    (found,) = dependence(of, ["Interactions"], {"Interactions": 1.0})
    assert [point["at"] for point in found["points"]] == [0, 1, 2]
    shares = [point["share"] for point in found["points"]]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.01)


def test_a_date_is_tried_by_its_age():
    ages = np.tile([1, 30, 60, None], ROWS // 4)
    day = FIRST_DAY + np.arange(ROWS)
    contact = [
        None if age is None else (at - age).item() for age, at in zip(ages, day, strict=True)
    ]
    (found,) = dependence(
        rows(last_contact=contact), ["Last Contact Recency"], {"Last Contact Recency": -0.1}
    )
    assert found["kind"] == "age"
    assert [(point["at"], point["label"]) for point in found["points"]] == [
        (1, ""),
        (30, ""),
        (60, ""),
        (None, "not known"),
    ]
    fresh, older, oldest, _ = [point["probability"] for point in found["points"]]
    assert fresh > older > oldest


def test_words_are_tried_the_most_frequent_first_and_placeholders_are_not_known():
    words = ["Retail", "Retail", "retail ", "Banking", "Select"]
    of = rows(industry=[words[row % 5] for row in range(ROWS)])
    (found,) = dependence(
        of, ["Industry"], {"Industry: Retail": 1.0}, placeholders=frozenset({"select"})
    )
    labels = [point["label"] for point in found["points"]]
    assert (found["kind"], labels) == ("word", ["Retail", "Banking", "not known"])
    assert [point["share"] for point in found["points"]] == pytest.approx([0.6, 0.2, 0.2])
    assert found["points"][0]["probability"] == pytest.approx(expit(1))
    assert found["points"][1]["probability"] == pytest.approx(expit(0))


def test_a_title_is_tried_by_its_rank_and_free_text_by_whether_it_is_there():
    titles = ["CEO", "Sales Manager", "Founder", "Account Manager"]
    of = rows(
        position=[titles[row % 4] for row in range(ROWS)],
        note=[f"note {row}" if row % 2 else None for row in range(ROWS)],
    )
    by_rank, by_note = dependence(of, ["Position", "Note"], {})
    assert {point["label"] for point in by_rank["points"]} == {"top management", "manager"}
    assert {point["label"]: point["share"] for point in by_note["points"]} == {
        "known": 0.5,
        "not known": 0.5,
    }


def test_it_takes_the_first_fields_that_it_knows_and_asks_of_few_rows():
    rng = np.random.default_rng(0)
    of = rows(**{f"n{number}": rng.uniform(0, 1, ROWS).tolist() for number in range(8)})
    encoder = LeadEncoder().fit(of)
    asked = []

    def probabilities(X: Any) -> Any:
        asked.append(len(X))
        return np.full(len(X), 0.5)

    names = ["Nothing", *(field.name for field in encoder.fields_)]
    found = partial_dependence(probabilities, encoder, of, names, seed=0)
    assert [each["name"] for each in found] == names[1 : MOST_FIELDS + 1]
    assert asked == [MOST_POINTS * ROWS_ASKED] * MOST_FIELDS


def test_where_most_leads_share_a_number_the_others_are_tried_too():
    rng = np.random.default_rng(0)
    numbers = np.where(rng.random(ROWS) < 0.9, 0.0, rng.uniform(1, 100, ROWS))
    (found,) = dependence(rows(interactions=numbers.tolist()), ["Interactions"], {})
    assert 6 <= len(found["points"]) <= MOST_POINTS
    assert found["points"][0]["share"] == pytest.approx(0.9, abs=0.05)


def test_yes_and_no_are_words():
    of = rows(webinar=[[True, False, False, None][row % 4] for row in range(ROWS)])
    (found,) = dependence(of, ["Webinar"], {"Webinar": 1.0})
    shares = {point["label"]: point["share"] for point in found["points"]}
    assert (found["kind"], shares) == ("word", {"no": 0.5, "yes": 0.25, "not known": 0.25})
    no, yes, _ = found["points"]
    assert (no["probability"], yes["probability"]) == pytest.approx((expit(0), expit(1)))
