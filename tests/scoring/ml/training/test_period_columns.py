"""A rate that falls with time: it stays where later leads were predicted better with it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from scoring.ml.examples import Examples
from scoring.ml.schema import ATTRIBUTE_PREFIX
from scoring.ml.training.train import train
from tests.scoring.ml.made import leads

N = 3000


def falling(*, followed: bool) -> Examples:
    """Leads with a rate that falls; the share won rises with it, or up and down by the quarter."""
    rows = leads(N, window=1, days=700)
    when = (rows.day - rows.day[0]).astype(int) / 700
    columns = {ATTRIBUTE_PREFIX + "rate": pd.Series(np.round(5 - 4 * when, 2), dtype=object)}
    level = 6 * when - 5 if followed else 1.5 * np.sign(np.sin(9 * when)) - 2
    budget = np.nan_to_num(np.log(rows.features["budget"].to_numpy()) - 9)
    won = np.random.default_rng(0).random(N) < expit(level + 0.5 * budget)
    return replace(
        rows, features=rows.features.assign(**columns), label=won.astype(np.int8), known_on=rows.day
    )


@pytest.mark.parametrize("followed", [True, False])
def test_a_rate_stays_if_the_share_won_followed_it_and_only_then(followed):
    result = train(falling(followed=followed), window_days=1, model_types=["logistic-regression"])
    (rate,) = (leak for leak in result.leaks if leak.name == "Rate")
    assert rate.tells_period
    assert rate.quarantined is not followed
    assert ("were predicted better, so it stays" in rate.reason) is followed
    used = {each["name"] for each in result.finalist.importance}
    assert ("Rate" in used) is followed
    assert any("so it stays" in warning for warning in result.warnings) is followed
