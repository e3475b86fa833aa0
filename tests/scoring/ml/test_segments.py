import numpy as np
import pytest

from scoring.ml.segments import find_segments
from tests.scoring.ml.builders import FIRST_DAY, examples

N = 400


def test_it_names_segments_by_value_and_volume():
    rich, busy = np.arange(N) % 2, (np.arange(N) // 2) % 2
    segments = find_segments(
        examples(
            {
                "budget": (1000.0 + 9000 * rich).tolist(),
                "interactions": (1.0 + 20 * busy).tolist(),
                "previous_purchases": (1.0 + 5 * busy).tolist(),
            },
            label=rich,
        )
    )

    assert [each.name for each in segments] == [
        "High Value, High Volume",
        "High Value, Low Volume",
        "Low Value, High Volume",
        "Low Value, Low Volume",
    ]
    assert segments[2].to_json() == {
        "name": "Low Value, High Volume",
        "x": 75.0,
        "y": 25.0,
        "z": 25.0,
        "leads": 100,
        "conversion_rate": 0.0,
        "where": {
            "value": {"from": None, "below": 10000.0, "unknown": False},
            "volume": {
                "from": pytest.approx(200 / 3),
                "below": None,
                "scales": {
                    "interactions": [[1.0, 25.0], [21.0, 75.0]],
                    "previous_purchases": [[1.0, 25.0], [6.0, 75.0]],
                },
            },
        },
    }
    assert segments[0].conversion_rate == 1.0


def test_it_gives_the_same_segments_for_the_same_seed_and_each_name_once():
    random = np.random.default_rng(3)
    leads = examples(
        {
            "budget": random.lognormal(9, 1, N).tolist(),
            "interactions": random.poisson(4, N).astype(float).tolist(),
        }
    )

    segments = find_segments(leads, seed=5)

    assert segments == find_segments(leads, seed=5)
    assert len({each.name for each in segments}) == len(segments) > 2
    assert sum(each.leads for each in segments) == N
    assert sum(each.z for each in segments) == pytest.approx(100, abs=0.3)
    assert all(0 <= each.x <= 100 and 0 <= each.y <= 100 for each in segments)


def test_it_puts_leads_of_unknown_budget_and_activity_in_the_middle():
    (segment,) = find_segments(examples({"industry": ["Retail"] * 10}))

    assert (segment.name, segment.x, segment.y) == ("Medium Value, Medium Volume", 50.0, 50.0)


def test_it_takes_each_lead_once_as_it_was_last():
    (segment,) = find_segments(
        examples(
            {"budget": [1.0, 1.0, 5.0, 5.0]},
            lead=[1, 0, 1, 0],
            label=[0, 1, 0, 0],
            day=FIRST_DAY + np.array([0, 0, 9, 9]),
        )
    )

    assert (segment.leads, segment.y, segment.conversion_rate) == (2, 50.0, 0.5)


def test_it_takes_one_lead_and_none():
    one = examples({"budget": [10.0]})

    assert find_segments(one)[0].leads == 1
    assert find_segments(one.take(np.array([], dtype=np.intp))) == []
