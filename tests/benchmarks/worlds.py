"""Leads whose true probabilities are known, of several kinds: the demo's and made-up ones."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import expit

from crm.demo import ground_truth
from crm.demo.generator import DAYS_TO_WIN, DISQUALIFIED_SHARE, generate
from crm.demo.states import DemoLead, DemoState
from scoring.dataset import COLUMNS, features_from
from scoring.dataset.days import Life, State, rows_of
from scoring.dataset.gathering import RowGatherer
from scoring.ml.examples import Examples
from scoring.ml.frames import to_frame
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY, SCALAR_FIELDS

Array = npt.NDArray[np.float64]
Drawn = tuple[dict[str, Any], Array]

TODAY = date(2026, 3, 1)
WINDOW_DAYS = 90
YEARS_OF_DAYS = 730


@dataclass(frozen=True)
class World:
    """learned(leads, seed): training rows of so many leads.

    fresh(leads, seed): leads that nobody has seen, as a frame, and their true probabilities of a
    win within WINDOW_DAYS.
    """

    learned: Callable[[int, int], Examples]
    fresh: Callable[[int, int], tuple[pd.DataFrame, Array]]


def _demo_learned(leads: int, seed: int) -> Examples:
    rows = RowGatherer()
    for lead in generate(leads=leads, seed=seed, today=TODAY):
        states = [state for _, state in lead.states]
        found = rows_of(_life(lead), today=TODAY, window=timedelta(days=WINDOW_DAYS))
        rows.add(lead.number, found.used, [_known(state) for state in states].__getitem__)
    return rows.examples()


def _life(lead: DemoLead) -> Life:
    outcome = lead.outcome
    return Life(
        states=[State(day) for day, _ in lead.states],
        seen_on=lead.states[0][0],
        result=None if outcome is None else outcome.result,
        occurred_on=None if outcome is None else outcome.occurred_on,
    )


def _known(state: DemoState) -> Any:
    return features_from(*(getattr(state, column) for column in COLUMNS))


def _demo_fresh(leads: int, seed: int) -> tuple[pd.DataFrame, Array]:
    """On their first day: what decides about a demo lead is its state then.

    Some of those that are not won turn out never to have been leads, which teach nothing: what is
    predicted is the probability of the others.
    """
    law = NormalDist(math.log(DAYS_TO_WIN[0]), DAYS_TO_WIN[1])
    in_window = law.cdf(math.log(WINDOW_DAYS + 0.5))
    first = [lead.states[0][1] for lead in generate(leads=leads, seed=seed, today=TODAY)]
    ever = np.array([ground_truth.probability(state) for state in first])
    truth = ever * in_window / (1 - DISQUALIFIED_SHARE * (1 - ever))
    frame = to_frame([_known(state) for state in first], [state.seen_on for state in first])
    return frame, truth


def _made(draw: Callable[[int, np.random.Generator], Drawn]) -> World:
    """A world of leads with one row each; `draw` gives their columns and true log-odds."""

    def rows(leads: int, rng: np.random.Generator) -> tuple[pd.DataFrame, Array]:
        columns, odds = draw(leads, rng)
        none = pd.Series(None, range(leads), dtype=object)
        frame = {name: columns.pop(name, none) for name in SCALAR_FIELDS}
        frame |= {ATTRIBUTE_PREFIX + name: values for name, values in columns.items()}
        frame["last_contact"] = pd.Series(pd.NaT, range(leads), dtype="datetime64[s]")
        for name in ("budget", "previous_purchases", "interactions"):
            frame[name] = np.asarray(frame[name], dtype=np.float64)
        days = np.datetime64(TODAY) - WINDOW_DAYS - np.sort(rng.integers(0, YEARS_OF_DAYS, leads))
        frame[DAY] = days[::-1].astype("datetime64[s]")
        return pd.DataFrame(frame), expit(odds)

    def learned(leads: int, seed: int) -> Examples:
        rng = np.random.default_rng([seed, 0])
        frame, truth = rows(leads, rng)
        days = frame[DAY].to_numpy().astype("datetime64[D]")
        return Examples(
            features=frame,
            label=(rng.random(leads) < truth).astype(np.int8),
            weight=np.ones(leads),
            day=days,
            known_on=days + WINDOW_DAYS,
            lead=np.arange(leads, dtype=np.int64),
        )

    return World(learned, lambda leads, seed: rows(leads, np.random.default_rng([seed, 1])))


def _words(rng: np.random.Generator, n: int, name: str, kinds: int) -> tuple[Any, Any]:
    """Words and their numbers, some common and many rare (Zipf's law)."""
    share = 1.0 / np.arange(1, kinds + 1)
    place = rng.choice(kinds, n, p=share / share.sum())
    return pd.Series([f"{name} {each}" for each in place], dtype=object), place


def _effects(name: str, kinds: int) -> Array:
    """What the words of a column add to the log-odds: always the same ones."""
    return np.random.default_rng(list(name.encode())).normal(0, 1, kinds)


def _mixed(n: int, rng: np.random.Generator) -> tuple[dict[str, Any], dict[str, Array]]:
    """An ordinary table: a few words, a few numbers, some of them missing."""
    industry, industries = _words(rng, n, "industry", 8)
    size, sizes = _words(rng, n, "size", 4)
    source, sources = _words(rng, n, "source", 12)
    amount, contacts, visits = rng.normal(0, 1, n), rng.poisson(3, n), rng.exponential(1, n)
    columns = {
        "industry": industry,
        "size": size,
        "budget": np.where(rng.random(n) < 0.3, np.nan, np.exp(10 + amount)),
        "interactions": contacts.astype(np.float64),
        "source": source,
        "visits": pd.Series(visits, dtype=object),
        "noise": pd.Series(rng.normal(0, 1, n), dtype=object),
    }
    known = ~np.isnan(columns["budget"])
    parts = {
        "industry": _effects("industry", 8)[industries],
        "size": _effects("size", 4)[sizes],
        "source": _effects("source", 12)[sources],
        "budget": np.where(known, amount, 0.0),
        "interactions": (contacts - 3) / 2.0,
        "visits": visits - 1.0,
    }
    return columns, parts


def _interactions(n: int, rng: np.random.Generator) -> Drawn:
    """What a field says depends on another: half of all that decides."""
    columns, parts = _mixed(n, rng)
    alone = 0.4 * (parts["industry"] + parts["budget"] + parts["interactions"])
    pairs = (
        parts["industry"] * parts["interactions"]
        + parts["budget"] * parts["size"]
        + parts["visits"] * np.where(parts["source"] > 0, 1, -1)
    )
    return columns, -1.7 + alone + 0.4 * pairs


def _strong(n: int, rng: np.random.Generator) -> Drawn:
    """Two columns decide nearly everything, the others nothing."""
    columns, parts = _mixed(n, rng)
    return columns, -2.0 + 1.5 * parts["budget"] + 1.5 * parts["interactions"]


def _only_words(n: int, rng: np.random.Generator) -> Drawn:
    """Columns of words alone, one with 300 of them."""
    columns, odds = {}, np.full(n, -1.5)
    for name, kinds in (("industry", 10), ("team", 30), ("page", 300), ("channel", 6)):
        columns[name], place = _words(rng, n, name, kinds)
        odds += 0.6 * _effects(name, kinds)[place]
    return columns, odds


def _rare(n: int, rng: np.random.Generator) -> Drawn:
    """3 % are won."""
    columns, parts = _mixed(n, rng)
    return columns, -4.1 + 0.5 * np.sum(list(parts.values()), axis=0)


def _faint(n: int, rng: np.random.Generator) -> Drawn:
    """Half are won; every column matters, none much."""
    columns, parts = _mixed(n, rng)
    return columns, 0.15 * np.sum(list(parts.values()), axis=0)


def _three(n: int, rng: np.random.Generator) -> Drawn:
    """A table of three columns."""
    columns, parts = _mixed(n, rng)
    names = ("industry", "interactions", "source")
    odds = -1.0 + 0.7 * np.sum([parts[name] for name in names], axis=0)
    return {name: columns[name] for name in names}, odds


def _forty(n: int, rng: np.random.Generator) -> Drawn:
    """A table of forty columns, half of them words; each matters less than the one before."""
    columns, odds = {}, np.full(n, -2.5)
    for number in range(20):
        column, place = _words(rng, n, f"word {number}", 3 + number)
        columns[f"word {number}"] = column
        odds += 0.7 * 0.8**number * _effects(f"word {number}", 3 + number)[place]
        amount = rng.normal(0, 1, n)
        columns[f"number {number}"] = pd.Series(amount, dtype=object)
        odds += 0.6 * 0.8**number * amount
    return columns, odds


def _noise(n: int, rng: np.random.Generator) -> Drawn:
    """No column knows anything."""
    return _mixed(n, rng)[0], np.full(n, math.log(0.2 / 0.8))


WORLDS: Mapping[str, World] = MappingProxyType(
    {
        "demo": World(_demo_learned, _demo_fresh),
        "interactions": _made(_interactions),
        "two strong columns": _made(_strong),
        "words only": _made(_only_words),
        "rare wins": _made(_rare),
        "faint effects": _made(_faint),
        "three columns": _made(_three),
        "forty columns": _made(_forty),
        "noise": _made(_noise),
    }
)
