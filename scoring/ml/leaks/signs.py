"""Signs in one column that it was filled in by whoever knew the outcome.

Counts are in leads (sums of weight). Probabilities are of so clear a sign by chance, times the
number of looks taken (Bonferroni).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom

from scoring.ml.examples import Examples
from scoring.ml.values import (
    Placeholders,
    days_since_1970,
    distinct,
    read_days,
)

FEWEST_LEADS = 50
FEWEST_AHEAD = 20
UNLIKELY = 1e-6
# Filled in for one class only: the other is this many times rarer among the filled than among all,
PURITY = 20
# and this share of the class is filled.
COVERED_SHARE = 0.3
# Dates ahead: in this share of one class, and so many times rarer in the other.
AHEAD_SHARE, AHEAD_RATIO = 0.5, 5
# Or in this share of all: what was planned may be kept on request, what was recorded must go.
MOSTLY_AHEAD = 0.9
# Words of which some were always won and others always lost, this share of both classes at least.
DECIDED_SHARE = 0.05
MOST_SHOWN = 5
CLASS_NAMES = ("lost", "won")

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Sign:
    """What was seen, as a sentence after "it ...", and the numbers behind it."""

    reason: str
    evidence: dict[str, Any]


def filled_for_one_class(filled: Flags, examples: Examples, looks: int) -> Sign | None:
    """The column is filled for one class and empty for the other; filled: (n,)."""
    inside = _by_class(examples, filled)
    overall = _by_class(examples, np.ones_like(filled))
    if min(inside.sum(), (overall - inside).sum()) < FEWEST_LEADS:
        return None
    for one, other in ((1, 0), (0, 1)):
        usual = overall[other] / overall.sum()
        by_chance = float(binom.cdf(round(inside[other]), round(inside.sum()), usual)) * looks
        pure = inside[other] / inside.sum() <= usual / PURITY
        if pure and inside[one] >= COVERED_SHARE * overall[one] and by_chance < UNLIKELY:
            return Sign(
                f"is filled in almost only for leads that were {CLASS_NAMES[one]}",
                {
                    "filled_won": round(float(inside[1]), 1),
                    "filled_lost": round(float(inside[0]), 1),
                    "won": round(float(overall[1]), 1),
                    "lost": round(float(overall[0]), 1),
                    "p": by_chance,
                },
            )
    return None


def dated_ahead(
    values: pd.Series, examples: Examples, placeholders: Placeholders, looks: int
) -> Sign | None:
    """The column is a date that lies after the row's own day: for one class mostly, or for most."""
    day = days_since_1970(examples.day.astype("datetime64[D]"))
    ahead = read_days(values, placeholders) > day
    dated = ~np.isnan(day)
    overall = _by_class(examples, dated)
    later = _by_class(examples, ahead)
    if later.sum() < FEWEST_AHEAD or not overall.all():
        return None
    share = later / overall
    one = int(share.argmax())
    by_chance = float(
        binom.sf(round(later[one]) - 1, round(later.sum()), overall[one] / overall.sum())
    )
    clear = share[one] >= AHEAD_SHARE and share[1 - one] * AHEAD_RATIO <= share[one]
    if not clear or by_chance * looks >= UNLIKELY:
        return _mostly_ahead(share, float(later.sum() / overall.sum()))
    return Sign(
        f"is a date after the row's day, mostly for leads that were {CLASS_NAMES[one]}",
        {
            "share_ahead_won": round(float(share[1]), 4),
            "share_ahead_lost": round(float(share[0]), 4),
            "p": by_chance * looks,
        },
    )


def _mostly_ahead(share: npt.NDArray[np.float64], of_all: float) -> Sign | None:
    if of_all < MOSTLY_AHEAD:
        return None
    return Sign(
        "is mostly a date after the row's day, when nobody could know it",
        {
            "share_ahead_won": round(float(share[1]), 4),
            "share_ahead_lost": round(float(share[0]), 4),
        },
    )


def decisive_values(
    values: pd.Series, filled: Flags, examples: Examples, looks: int
) -> Sign | None:
    """Values (or none at all) with which every lead was won, or every lead lost."""
    decisive = _decisive(values, filled, examples, looks)
    if not decisive:
        return None
    return Sign(
        f"has values that decide: {_shown(decisive[:MOST_SHOWN])}",
        {"values": decisive[:MOST_SHOWN]},
    )


def decides_both_ways(
    values: pd.Series, filled: Flags, examples: Examples, looks: int
) -> Sign | None:
    """Words with which every lead was won, and others with which every lead was lost.

    One such word may be a rule of the trade. Both, for many leads, is how somebody who knew the
    outcome would note it, as with tags and reasons.
    """
    decisive = _decisive(values, filled, examples, looks)
    overall = _by_class(examples, np.ones_like(filled))
    decided = np.zeros(2)
    for each in decisive:
        decided[CLASS_NAMES.index(each["class"])] += each["leads"]
    if not overall.all() or (decided < DECIDED_SHARE * overall).any():
        return None
    shown = [
        next(each for each in decisive if each["class"] == name) for name in reversed(CLASS_NAMES)
    ]
    return Sign(
        f"has values that decide both ways, as notes on the outcome do: {_shown(shown)}",
        {
            "decided_won": round(float(decided[1] / overall[1]), 4),
            "decided_lost": round(float(decided[0] / overall[0]), 4),
            "values": decisive[:MOST_SHOWN],
        },
    )


def _decisive(
    values: pd.Series, filled: Flags, examples: Examples, looks: int
) -> list[dict[str, Any]]:
    """The values that decide, the least likely by chance first."""
    codes, found = distinct(values)
    empty = len(found)
    codes = np.where(filled, codes, empty)
    leads = np.bincount(codes, examples.weight, empty + 1)
    won = np.bincount(codes, examples.weight * examples.label, empty + 1)
    base = won.sum() / leads.sum()
    decisive: list[dict[str, Any]] = []
    for at in np.flatnonzero(leads >= FEWEST_LEADS):
        one = int(won[at] > 0)
        by_chance = float((base if one else 1 - base) ** leads[at]) * looks
        if won[at] == one * leads[at] and by_chance < UNLIKELY:
            value = "" if at == empty else str(found[at])
            count = round(float(leads[at]), 1)
            decisive.append(
                {"value": value, "class": CLASS_NAMES[one], "leads": count, "p": by_chance}
            )
    return sorted(decisive, key=lambda each: each["p"])


def _shown(decisive: list[dict[str, Any]]) -> str:
    return "; ".join(
        f"all {each['leads']:,.0f} with {_quoted(each['value'])} were {each['class']}"
        for each in decisive
    )


def _quoted(value: str) -> str:
    return f'"{value}"' if value else "no value"


def _by_class(examples: Examples, rows: Flags) -> npt.NDArray[np.float64]:
    """Leads lost and won among `rows`: (2,)."""
    sums = np.bincount(examples.label[rows], examples.weight[rows], 2)
    return sums.astype(np.float64)
