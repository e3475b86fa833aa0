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
