"""Numbers that name something are told from quantities by what their neighbours say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.encoding.numbered_groups import name_groups
from scoring.ml.examples import Examples

ROWS = 6_000
Numbers = npt.NDArray[np.float64]
RNG = np.random.default_rng(7)
OF_AGENT = RNG.normal(0, 0.8, 60)


def made(column: str, numbers: Numbers, odds: Numbers, seed: int = 3) -> Examples:
    rng = np.random.default_rng(seed)
    chance = 1 / (1 + np.exp(1 - odds + odds.mean()))
    days = np.full(ROWS, np.datetime64("NaT", "D"))
    return Examples(
        features=pd.DataFrame({column: numbers, "day": days.astype("datetime64[s]")}),
        label=(rng.random(ROWS) < chance).astype(np.int8),
        weight=np.ones(ROWS),
        day=days,
        known_on=days,
        lead=np.arange(ROWS),
    )


AGENT = RNG.integers(1000, 1060, ROWS).astype(float)
COUNT = RNG.poisson(4, ROWS).astype(float)


@pytest.mark.parametrize(
    ("numbers", "odds", "names"),
    [
        (AGENT, lambda x: OF_AGENT[(x - 1000).astype(int)], True),
        (AGENT, lambda x: 0 * x, False),
        (AGENT, lambda x: ((x - 1030) / 12) ** 2, False),
        (AGENT, lambda x: 1.5 * (x > 1040), False),
        (COUNT, lambda x: 0.4 * x, False),
        (COUNT, lambda x: 2.0 * (x == 0), False),
        (COUNT + 0.5, lambda x: OF_AGENT[x.astype(int)], False),
    ],
    ids=["agents", "noise", "u-shape", "step", "count", "zero is special", "no whole numbers"],
)
def test_names_have_neighbours_that_say_nothing(
    numbers: Numbers, odds: Callable[[Numbers], Numbers], names: bool
):
    assert name_groups(numbers, made("attributes.x", numbers, odds(numbers))) is names


def test_what_is_not_known_is_no_name():
    numbers = np.where(np.arange(ROWS) % 3, AGENT, np.nan)
    odds = np.nan_to_num(OF_AGENT[(np.nan_to_num(numbers, nan=1000) - 1000).astype(int)])

    assert name_groups(numbers, made("attributes.x", numbers, odds))
    assert not name_groups(np.full(ROWS, np.nan), made("attributes.x", numbers, odds))


def test_a_column_of_names_is_encoded_by_what_was_won_with_each():
    examples = made("attributes.agent", AGENT, OF_AGENT[(AGENT - 1000).astype(int)])

    encoder = LeadEncoder().fit(examples)

    assert [field.kind for field in encoder.fields_] == ["many categories"]
    known = pd.DataFrame({"attributes.agent": [1007.0, 1007, "1007"], "day": pd.NaT})
    said = encoder.transform(known)[:, 0]
    assert said[0] == said[1] == said[2]


def test_a_field_that_is_a_quantity_by_its_meaning_stays_one():
    examples = made("interactions", AGENT, OF_AGENT[(AGENT - 1000).astype(int)])

    assert [field.kind for field in LeadEncoder().fit(examples).fields_] == ["number"]
