"""Tables of leads as teams have them, drawn anew for each seed, whose true probabilities are known.

A table is drawn for moments from 0 to LATER: what came up to 1 teaches, what came later judges.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit, logit

from scoring.ml.examples import Examples
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY, NUMBERS, SCALAR_FIELDS
from tests.benchmarks.quality.parts import Part

Array = npt.NDArray[np.float64]
Columns = dict[str, Any]
Draw = Callable[[Array, np.random.Generator], tuple[Columns, Array]]

FIRST, DAYS = np.datetime64("2024-01-01"), 700
LATER, LATER_ROWS = 1.2, 3000


@dataclass(frozen=True)
class Table:
    """rows: how many teach. share: of them won. draw: columns and log-odds but for the level."""

    rows: int
    share: float
    draw: Draw

    def part(self, seed: int) -> tuple[Part, Array]:
        """What teaches and what judges, and the true probabilities of the latter (n,)."""
        rng = np.random.default_rng(seed)
        when = np.sort(
            np.concatenate([rng.uniform(0, 1, self.rows), rng.uniform(1, LATER, LATER_ROWS)])
        )
        columns, odds = self.draw(when, rng)
        truth = expit(odds + _level(odds[: self.rows], self.share))
        day = FIRST + np.floor(when * DAYS).astype(int)
        n = len(when)
        frame = {name: pd.Series(None, range(n), dtype=object) for name in SCALAR_FIELDS}
        frame |= {name: pd.Series(np.nan, range(n)) for name in NUMBERS}
        frame["last_contact"] = pd.Series(pd.NaT, range(n), dtype="datetime64[s]")
        frame |= {ATTRIBUTE_PREFIX + name: values for name, values in columns.items()}
        frame[DAY] = pd.Series(day.astype("datetime64[s]"))
        label = (rng.random(n) < truth).astype(np.int8)
        every = Examples(pd.DataFrame(frame), label, np.ones(n), day, day, np.arange(n))
        later = np.arange(self.rows, n)
        return Part(every.take(np.arange(self.rows)), every.take(later), later), truth[later]


def _level(odds: Array, share: float) -> float:
    level = float(logit(share))
    for _ in range(50):
        level -= float(logit(expit(odds + level).mean()) - logit(share))
    return level


def _number(values: npt.NDArray[Any], missing: Any = None) -> pd.Series:
    return pd.Series(values if missing is None else np.where(missing, np.nan, values), dtype=object)


def _words(rng: np.random.Generator, n: int, kinds: int, spread: float) -> tuple[pd.Series, Array]:
    """A column of words, common and rare (Zipf's law), and what each row's word adds."""
    share = 1.0 / np.arange(1, kinds + 1)
    place = rng.choice(kinds, n, p=share / share.sum())
    return pd.Series([f"w{each}" for each in place], dtype=object), rng.normal(0, spread, kinds)[
        place
    ]


def _crm(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Some words, some numbers, most of which say something."""
    n = len(when)
    columns: Columns = {}
    odds = np.zeros(n)
    for name, kinds in (("trade", 9), ("source", 14), ("staff", 4), ("country", 40)):
        columns[name], effect = _words(rng, n, kinds, 0.4)
        odds += effect
    amount, gap = rng.normal(0, 1, n), rng.random(n) < 0.3
    columns["amount"] = _number(np.round(np.exp(9 + amount)), gap)
    visits, calls = rng.exponential(4, n), rng.poisson(2, n).astype(float)
    columns["visits"], columns["calls"] = _number(np.floor(visits)), _number(calls)
    columns["age"] = _number(rng.normal(40, 10, n))
    columns["noise"], _ = _words(rng, n, 6, 0)
    return columns, odds + 0.5 * np.where(gap, -0.8, amount) + 0.8 * np.log1p(visits) + 0.2 * calls


def _sparse(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """A hundred and thirty fields, most of them mostly empty, seven that say something."""
    n = len(when)
    columns: Columns = {}
    odds = np.zeros(n)
    for number in range(130):
        gap = rng.random(n) < rng.choice([0.3, 0.8, 0.95])
        if number % 3:
            words, effect = _words(rng, n, int(rng.integers(2, 12)), 0.7)
            columns[f"f{number}"] = words.where(~gap, None)
        else:
            values = rng.normal(0, 1, n)
            columns[f"f{number}"], effect = _number(values, gap), 0.6 * values
        if number % 19 == 0:
            odds += np.where(gap, 0, effect)
    return columns, odds


def _wide(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Three hundred numbers, of which ten say a little."""
    values = rng.normal(0, 1, (len(when), 300))
    return {f"x{at}": _number(values[:, at]) for at in range(300)}, values[:, ::30] @ np.full(
        10, 0.4
    )


def _pages(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Words alone, hundreds of some."""
    columns: Columns = {}
    odds = np.zeros(len(when))
    for name, kinds in (("page", 400), ("city", 150), ("owner", 30), ("channel", 6), ("form", 12)):
        columns[name], effect = _words(rng, len(when), kinds, 0.6)
        odds += effect
    return columns, odds


def _bends(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Numbers that count from a threshold on, or in the middle only; some count together."""
    columns, odds = _crm(when, rng)
    x, y, z = rng.normal(0, 1, (3, len(when)))
    columns |= {"x": _number(x), "y": _number(y), "z": _number(z)}
    return columns, 0.5 * odds + 1.2 * (x > 0.5) - 0.8 * np.abs(y) + 0.8 * z * np.sign(x)


def _drifting(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """What numbers say changes with time, each at its own pace, one into its opposite."""
    columns, odds = _crm(when, rng)
    values = rng.normal(0, 1, (len(when), 5))
    start, pace = rng.normal(0, 0.5, 5), rng.normal(0, 0.6, 5)
    columns |= {f"x{at}": _number(values[:, at]) for at in range(5)}
    return columns, odds + (values * (start + when[:, np.newaxis] * pace)).sum(axis=1)


def _shifted(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """After the training all is won more often, a column turns, a word gives way to a new one."""
    columns, odds = _crm(when, rng)
    after = when > 1
    x = rng.normal(0, 1, len(when))
    columns["x"] = _number(x)
    columns["source"] = columns["source"].mask(after & (columns["source"] == "w0"), "new")
    return columns, odds + np.where(after, 2.0 - 0.3 * x, 0.5 * x)


def _index(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """The share won follows a rate that falls all the time, and goes on falling."""
    columns, odds = _crm(when, rng)
    rate = 5 - 4 * when + 0.2 * np.sin(12 * when + rng.uniform(0, 6))
    columns["rate"] = _number(np.round(rate, 2))
    return columns, 0.7 * odds + 2.2 * when


def _periods(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """The share won wanders by the month, and columns tell the month but not why."""
    columns, odds = _crm(when, rng)
    month = np.floor(when * DAYS / 30).astype(int)
    wander, rate = rng.normal(0, 0.5, (2, month.max() + 1))
    columns["month"] = pd.Series([f"m{each % 12}" for each in month], dtype=object)
    columns["rate"] = _number(np.round(np.cumsum(rate)[month], 2))
    return columns, 0.5 * odds + wander[month]


def _trend(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """A rate falls all the time, and the share won wanders for other reasons."""
    columns, odds = _crm(when, rng)
    month = np.floor(when * DAYS / 30).astype(int)
    wander = np.cumsum(rng.normal(0, 0.25, month.max() + 1))
    columns["rate"] = _number(np.round(5 - 4 * when + 0.2 * np.sin(12 * when), 2))
    return columns, 0.7 * odds + wander[month]


def _noise(when: Array, rng: np.random.Generator) -> tuple[Columns, Array]:
    """Nothing says anything."""
    return _crm(when, rng)[0], np.zeros(len(when))


TABLES: Mapping[str, Table] = MappingProxyType(
    {
        "crm": Table(4000, 0.2, _crm),
        "few": Table(420, 0.25, _crm),
        "rare": Table(6000, 0.02, _crm),
        "sparse": Table(4000, 0.08, _sparse),
        "wide": Table(1200, 0.3, _wide),
        "pages": Table(6000, 0.25, _pages),
        "bends": Table(5000, 0.25, _bends),
        "drifting": Table(5000, 0.2, _drifting),
        "shifted": Table(5000, 0.05, _shifted),
        "index": Table(6000, 0.08, _index),
        "trend": Table(6000, 0.12, _trend),
        "periods": Table(6000, 0.12, _periods),
        "noise": Table(2000, 0.2, _noise),
    }
)
