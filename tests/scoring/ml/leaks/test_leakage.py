import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scoring.ml.examples import Examples
from scoring.ml.leaks.leak import Leak
from scoring.ml.leaks.leakage import find_leaks
from tests.scoring.ml.builders import FIRST_DAY, examples
from tests.scoring.ml.real_data import PLACEHOLDERS, bank, salvirt

N = 1500


@pytest.fixture
def random():
    return np.random.default_rng(11)


def quarantined(found: list[Leak]) -> list[str]:
    return [leak.column for leak in found if leak.quarantined]


def honest_columns(
    random: np.random.Generator, label: Any, day: Any = None
) -> dict[str, list[Any]]:
    """Columns that say a little each, a word and a number with gaps among them."""
    return {
        "industry": [
            "Retail" if one > 0.3 else "Software" for one in random.normal(label * 0.5, 1)
        ],
        "budget": np.exp(random.normal(9 + 0.4 * label, 1)).tolist(),
        "interactions": [
            float(count) if seen else None
            for count, seen in zip(random.poisson(2 + label), random.random(N) < 0.8, strict=True)
        ],
        "last_contact": [
            (each - int(ago)).item()
            for each, ago in zip(
                np.full(N, FIRST_DAY) if day is None else day,
                random.integers(0, 30, N),
                strict=True,
            )
        ],
    }


def with_planted(
    random: np.random.Generator,
    share_won: float = 0.3,
    dated: bool = True,
    **planted: Callable[[Any], list[Any]],
) -> Examples:
    """Honest examples over 300 days, and each planted column as a function of the labels."""
    label = (random.random(N) < share_won).astype(int)
    day = FIRST_DAY + np.sort(random.integers(0, 300, N)) if dated else None
    columns = honest_columns(random, label, day)
    columns |= {name: make(label) for name, make in planted.items()}
    return examples(columns, label=label, day=day, known_after=30)


@pytest.mark.parametrize("dated", [True, False])
def test_it_finds_nothing_where_nothing_leaks(random, dated):
    assert find_leaks(with_planted(random, dated=dated)) == []


@pytest.mark.parametrize("dated", [True, False])
def test_it_quarantines_a_number_that_separates_far_better_than_all_others(random, dated):
    found = find_leaks(
        with_planted(
            random, dated=dated, talked_for=lambda label: random.normal(2.6 * label, 1).tolist()
        )
    )

    assert quarantined(found) == ["attributes.talked_for"]
    assert found[0].name == "Talked For"
    assert found[0].evidence["auc"] > 0.9
    assert found[0].evidence["auc_of_all_others"] < 0.8
    assert len(found[0].evidence["auc_by_period"]) == (6 if dated else 0)


def test_it_quarantines_a_word_that_separates_far_better_than_all_others(random):
    def stage(label):
        told = np.where(random.random(N) < 0.95, label, 1 - label)
        return ["signed" if one else "talking" for one in told]

    assert quarantined(find_leaks(with_planted(random, stage=stage))) == ["attributes.stage"]


def test_it_quarantines_leaks_together_with_their_copies(random):
    def amount(label):
        return np.where(label == 1, random.lognormal(9, 1, N), 0.0).tolist()

    planted = with_planted(random, amount=amount)
    copied = planted.features.assign(**{"attributes.copy": planted.features["attributes.amount"]})
    scaled = copied.assign(
        **{"attributes.in_cents": copied["attributes.amount"].astype(float) * 100 + 1}
    )

    found = find_leaks(replace(planted, features=scaled))

    assert quarantined(found) == [
        "attributes.amount",
        "attributes.copy",
        "attributes.in_cents",
    ]


def test_it_leaves_a_strong_honest_column_whose_peers_are_as_strong_together(random):
    columns: dict[str, Any] = {
        f"sign_{number}": lambda label: random.normal(0.8 * label, 1).tolist()
        for number in range(6)
    }
    columns["fit"] = lambda label: random.normal(2.05 * label, 1).tolist()

    assert find_leaks(with_planted(random, share_won=0.4, **columns)) == []


def test_it_does_not_take_for_a_leak_what_separates_only_because_of_the_calendar(random):
    label = np.concatenate([np.zeros(N // 2, int), np.ones(N - N // 2, int)])
    flip = random.random(N) < 0.08
    label = np.where(flip, 1 - label, label)
    day = FIRST_DAY + np.arange(N) // 4
    planted = examples(
        {
            **honest_columns(random, label * 0, day),
            "rate": (np.arange(N) + random.normal(0, 30, N)).tolist(),
        },
        label=label,
        day=day,
    )

    (leak,) = find_leaks(planted)
    assert leak.column == "attributes.rate"
    assert leak.reason.startswith("tells the period rather than the lead")


@pytest.mark.parametrize("one", [0, 1])
def test_it_quarantines_a_column_filled_in_only_for_one_class(random, one):
    def reason(label):
        filled = (label == one) & (random.random(N) < 0.5)
        return [f"free text {row}" if yes else None for row, yes in enumerate(filled)]

    found = find_leaks(with_planted(random, closing_note=reason))

    assert quarantined(found) == ["attributes.closing_note"]
    assert ("lost", "won")[one] in found[0].reason


def test_it_leaves_a_column_filled_in_for_few_leads_of_either_class(random):
    def note(label):
        return [f"text {row}" if yes else None for row, yes in enumerate(random.random(N) < 0.1)]

    assert find_leaks(with_planted(random, note=note)) == []


def test_it_quarantines_a_date_that_lies_after_the_day_for_most(random):
    """A status that is dated when it changed tells more than anybody knew on the day."""
    rows = with_planted(
        random,
        changed_on=lambda label: [
            str(FIRST_DAY + np.timedelta64(int(each), "D"))
            for each in 400 + random.exponential(20 + 60 * label)
        ],
    )

    found = find_leaks(rows)

    assert quarantined(found) == ["attributes.changed_on"]
    assert found[0].reason == "is mostly a date after the row's day, when nobody could know it"


def test_it_quarantines_a_date_that_lies_after_the_day_for_one_class(random):
    def closed_on(label):
        # Each row is filled in, so that emptiness gives nothing away.
        return [("2025-06-01" if won else "2023-06-01") for won in label]

    def planned_for(label):
        return ["2025-06-01" if yes else "2023-06-01" for yes in random.random(N) < 0.5]

    found = find_leaks(with_planted(random, closed_on=closed_on, planned_for=planned_for))

    assert quarantined(found) == ["attributes.closed_on"]
    assert found[0].reason == "is a date after the row's day, mostly for leads that were won"


def test_it_quarantines_words_that_decide_both_ways(random):
    """Tags that a seller puts on when it is over, blank for most leads."""

    def tags(label):
        return [
            ("closed" if won else "ringing") if drawn < 0.2 else "called" if drawn < 0.6 else None
            for won, drawn in zip(label, random.random(N), strict=True)
        ]

    found = find_leaks(with_planted(random, dated=False, tags=tags))

    assert quarantined(found) == ["attributes.tags"]
    assert re.fullmatch(
        "has values that decide both ways, as notes on the outcome do: "
        r'all \d+ with "closed" were won; all \d+ with "ringing" were lost',
        found[0].reason,
    )
    assert found[0].evidence["decided_won"] == pytest.approx(0.2, abs=0.05)


def test_it_only_warns_of_a_value_whose_leads_were_all_lost(random):
    def source(label):
        return [
            "lottery" if not won and drawn else "fair"
            for won, drawn in zip(label, random.random(N) < 0.1, strict=True)
        ]

    (warning,) = find_leaks(with_planted(random, source=source))

    assert not warning.quarantined
    assert warning.column == "attributes.source"
    assert re.search(r'all \d+ with "lottery" were lost', warning.reason)


def test_it_only_warns_of_leads_without_a_value_that_were_all_lost(random):
    def fair(label):
        return [
            None if not won and drawn else float(number)
            for number, won, drawn in zip(
                random.permutation(N), label, random.random(N) < 0.1, strict=True
            )
        ]

    (warning,) = find_leaks(with_planted(random, fair=fair))

    assert not warning.quarantined
    assert re.search(r"all \d+ with no value were lost", warning.reason)
    json.dumps(warning.to_json())


@pytest.mark.parametrize("name", ["talked_for", "attributes.talked_for"])
def test_it_reports_but_does_not_quarantine_what_is_kept(random, name):
    planted = with_planted(random, talked_for=lambda label: (label + 0.0).tolist())

    (leak,) = find_leaks(planted, keep=[name])

    assert not leak.quarantined
    assert leak.reason.endswith("(kept on request)")


def test_it_does_not_look_at_what_is_dropped(random):
    planted = with_planted(random, talked_for=lambda label: (label + 0.0).tolist())

    assert find_leaks(planted, drop=["talked_for"]) == []


def test_it_finds_that_the_duration_of_the_banks_calls_knows_too_much():
    (leak,) = [
        each
        for each in find_leaks(bank(), placeholders=PLACEHOLDERS)
        if each.quarantined and "told_by_day" not in each.evidence
    ]

    assert leak.column == "attributes.duration"
    assert leak.evidence["auc"] > 0.93
    assert leak.evidence["auc_of_all_others"] < 0.7


def test_it_quarantines_nothing_of_the_b2b_opportunities():
    assert quarantined(find_leaks(salvirt(), placeholders=PLACEHOLDERS)) == []
