"""How good a model is for each industry, size and source: is it fair to all of them?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.ml.judging.intervals import wilson
from scoring.ml.judging.judged import Judged
from scoring.ml.judging.ranking import Ranking
from scoring.ml.schema import ATTRIBUTE_PREFIX, display_names
from scoring.ml.values import fold, read_words, word_of

# Of a team's own columns those with such a word in their name say where a lead came from.
SOURCE_WORDS = frozenset({"source", "channel", "campaign", "origin"})
MOST_GROUPS = 10
# With fewer leads, by weight, a group's figures say nothing.
FEWEST_LEADS = 20.0
OTHERS, UNKNOWN = "all others", "not known"


def grouping_columns(columns: Sequence[str]) -> list[str]:
    """Industry, size and what says where leads came from, of these frame columns."""
    return [
        column
        for column in columns
        if column in ("industry", "size")
        or (
            column.startswith(ATTRIBUTE_PREFIX)
            and SOURCE_WORDS.intersection(re.split(r"[\W_]+", column.casefold()))
        )
    ]


def judge_groups(
    judged: Judged, frame: pd.DataFrame, placeholders: frozenset[str]
) -> list[dict[str, Any]]:
    """[{"name", "groups"}] for each column of `frame`, whose rows are those of `judged`.

    A group is {"name", "leads" (by weight), "predicted", "observed", "low", "high", "rocAuc",
    "off"}: the mean probability, the share won with its 95 % interval, the AUC (None where one
    class is absent), and whether the model promises the group too much ("over") or too little
    ("under"), beyond the interval; None if neither, or if there are under FEWEST_LEADS leads.
    """
    folded = frozenset(fold(text) for text in placeholders) | {""}
    names = display_names(list(frame.columns))
    found = []
    for column, name in zip(frame.columns, names, strict=True):
        codes, words, written = read_words(frame[column], lambda value: word_of(value, folded))
        leads = np.bincount(codes + 1, judged.weight, len(words) + 1)[1:]
        often = np.argsort(-leads, kind="stable")[:MOST_GROUPS]
        parts = [(written[words[code]], codes == code) for code in often]
        parts.append((OTHERS, (codes >= 0) & ~np.isin(codes, often)))
        parts.append((UNKNOWN, codes < 0))
        groups = [_group(title, judged, rows) for title, rows in parts if rows.any()]
        if len(groups) > 1:
            found.append({"name": name, "groups": groups})
    return found


def _group(name: str, judged: Judged, rows: npt.NDArray[np.bool_]) -> dict[str, Any]:
    probability, label, weight = judged.probability[rows], judged.label[rows], judged.weight[rows]
    leads = float(weight.sum())
    predicted = float(np.average(probability, weights=weight))
    observed = float(np.average(label, weights=weight))
    low, high = wilson(observed, leads)
    climb = Ranking.of(probability, label).climb(weight)
    off = "over" if predicted > high else "under" if predicted < low else None
    return {
        "name": name,
        "leads": leads,
        "predicted": predicted,
        "observed": observed,
        "low": low,
        "high": high,
        "rocAuc": climb.roc_auc() if climb.has_both else None,
        "off": off if leads >= FEWEST_LEADS else None,
    }
