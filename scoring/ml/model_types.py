"""The model types by their names, from the simplest to the most involved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# What a search chose among: named values of a type, such as the number of trees.
Settings = Mapping[str, Any]

# Those that a request may name.
MODEL_TYPES = ("logistic-regression", "random-forest", "gradient-boosting", "neural-network")
# No model: everybody gets the share won so far.
BASE_RATE = "base-rate"
# Points by rules that people wrote, corrected by outcomes.
SCORECARD = "scorecard"
# What answers while nothing learned from scratch has passed the gate.
STAND_INS = (SCORECARD, BASE_RATE)
# The weighted mean of several of them; only `auto` answers with it.
BLEND = "blend"


def describe(model_type: str, recipe: Settings) -> str:
    """What a model is, for people: "blend of logistic-regression (50%), random-forest (50%)"."""
    if model_type != BLEND:
        return model_type
    members = (f"{each['model_type']} ({each['weight']:.0%})" for each in recipe["members"])
    return f"{BLEND} of {', '.join(members)}"
