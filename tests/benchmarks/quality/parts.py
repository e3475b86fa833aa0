"""The open data sets, cut into what teaches and what comes later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from scoring.ml.examples import Examples
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY
from scoring.ml.splitting.folding import deal_folds
from scoring.ml.splitting.grouping import group_rows
from tests.scoring.ml.real_data import bank, salvirt

FOLDS = 4
# Of the bank's rows so much teaches at each cut; what follows, up to the next, judges.
CUTS = (0.4, 0.55, 0.7, 0.85, 1.0)
# It is known only after the call: the product has to find that out, others are told.
LEAKING = "attributes.duration"


@dataclass(frozen=True)
class Part:
    """Rows that teach and rows that judge; `group` (n,) of the latter is resampled as one."""

    past: Examples
    later: Examples
    group: np.ndarray

    def tables(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Both as any library takes them: without what leaks, empty columns and the day."""
        past, later = (_plain(each.features) for each in (self.past, self.later))
        filled = past.columns[past.notna().any()]
        return past[filled], later[filled]


def bank_parts() -> Iterator[Part]:
    """By time, at several cuts."""
    rows = bank()
    days = np.sort(rows.day)
    cuts = [days[min(round(share * len(rows)), len(rows) - 1)] for share in CUTS]
    for cut, end in pairwise(cuts):
        later = np.flatnonzero((rows.day > cut) & (rows.day <= end))
        yield Part(rows.take(rows.day <= cut), rows.take(later), later)


def salvirt_parts() -> Iterator[Part]:
    """Folds, as there are no days; rows that look alike are in the same one."""
    rows = salvirt()
    fold, group = deal_folds(rows, FOLDS), group_rows(rows)
    for number in range(FOLDS):
        later = np.flatnonzero(fold == number)
        yield Part(rows.take(fold != number), rows.take(later), group[later])


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    plain = frame.drop(columns=[DAY, LEAKING], errors="ignore")
    plain.columns = [name.removeprefix(ATTRIBUTE_PREFIX) for name in plain.columns]
    for name in plain.columns:
        numbers = pd.to_numeric(plain[name], errors="coerce")
        if (numbers.notna() | plain[name].isna()).all():
            plain[name] = numbers.astype("float64")
        else:
            plain[name] = plain[name].where(plain[name].notna(), "").astype(str)
    return plain


SETS = {"bank": bank_parts, "salvirt": salvirt_parts}
