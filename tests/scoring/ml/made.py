"""Made-up leads whose truth is known: budget, industry and interactions decide, noise does not."""

import numpy as np
import pandas as pd

from scoring.ml.examples import Examples
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY, SCALAR_FIELDS

FIRST = np.datetime64("2023-01-01")


def leads(
    n: int,
    *,
    seed: int = 0,
    window: int | None = 60,
    days: int = 600,
    signal: float = 1.0,
    interaction: float = 0.0,
    rows_a_lead: int = 1,
    step: int = 40,
) -> Examples:
    """n leads, first seen over `days` days; undated without a `window`.

    interaction: how much budget counts the other way round for leads with many interactions.
    With several rows a lead is seen again every `step` days.
    """
    rng = np.random.default_rng(seed)
    lead = np.repeat(np.arange(n), rows_a_lead)
    budget = rng.lognormal(9, 1, n)
    interactions = rng.poisson(3, n).astype(float)
    industry = rng.choice(["Software", "Retail", "Health"], n)
    odds = signal * (np.log(budget) - 9 + (interactions - 3) / 2 + 1.5 * (industry == "Software"))
    odds -= 2 * interaction * (np.log(budget) - 9) * (interactions > 3)
    won = rng.random(n) < 1 / (1 + np.exp(1.2 - odds))
    first = np.sort(rng.integers(0, days, n))
    columns = {name: pd.Series(None, range(len(lead)), dtype=object) for name in SCALAR_FIELDS}
    budget[rng.random(n) < 0.2] = np.nan
    columns["budget"] = pd.Series(budget[lead])
    columns["previous_purchases"] = pd.Series(np.full(len(lead), np.nan))
    columns["interactions"] = pd.Series(interactions[lead])
    columns["industry"] = pd.Series(industry[lead], dtype=object)
    columns["last_contact"] = pd.Series(pd.NaT, range(len(lead)), dtype="datetime64[s]")
    columns[ATTRIBUTE_PREFIX + "noise"] = pd.Series(rng.normal(size=n)[lead], dtype=object)
    day = FIRST + first[lead] + step * np.tile(np.arange(rows_a_lead), n)
    if window is None:
        day = np.full(len(lead), np.datetime64("NaT"), dtype="datetime64[D]")
    columns[DAY] = pd.Series(day.astype("datetime64[s]"))
    return Examples(
        features=pd.DataFrame(columns),
        label=won[lead].astype(np.int8),
        weight=np.full(len(lead), 1 / rows_a_lead),
        day=day,
        known_on=day + (window or 0),
        lead=lead.astype(np.int64),
    )
