"""The smallest changes of a lead after which the model expects what somebody aims at.

What a model expects of leads that are like that: no promise that making this one alike will do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, islice, product

import numpy as np

from scoring.ml.explaining.actions import Action, change
from scoring.ml.schema import LeadFeatures
from scoring.ml.serving.runtime import Scorer

MOST_PLANS = 3
# Nobody follows a plan of more steps.
MOST_FIELDS = 3
# All single changes and pairs of ten fields with twenty steps each; a search must end.
MOST_TRIED = 20_000


@dataclass(frozen=True, slots=True)
class Option:
    """A field's new value; `size`: how large the step is, above 0 and at most 1."""

    column: str
    value: object
    size: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to make, and the probability that the model expects then."""

    changes: tuple[Option, ...]
    probability: float
    reached: bool

    @property
    def size(self) -> float:
        """Each further field counts as much as the largest step."""
        return len(self.changes) + sum(each.size for each in self.changes)


def find_smallest_changes(
    scorer: Scorer,
    lead: LeadFeatures,
    day: date,
    actions: Sequence[Action],
    reaches: Callable[[float], bool],
) -> list[Plan]:
    """Up to three plans that reach the aim, the smallest first, each of other fields.

    If none does, the one that comes closest, if any comes closer; none if the lead is there.
    """
    now = float(scorer.probabilities([lead], [day])[0])
    if reaches(now):
        return []
    tried = list(_try(scorer, lead, day, actions, reaches))
    there = sorted((plan for plan in tried if plan.reached), key=lambda plan: plan.size)
    if there:
        return _different(there)
    best = max(tried, key=lambda plan: plan.probability, default=None)
    return [best] if best is not None and best.probability > now else []


def _try(
    scorer: Scorer,
    lead: LeadFeatures,
    day: date,
    actions: Sequence[Action],
    reaches: Callable[[float], bool],
) -> Iterator[Plan]:
    """All plans worth a try, from few fields to many."""
    columns = {field.column: field.columns for field in scorer.encoder.fields_}
    options = [
        [Option(action.column, value, size) for value, size in action.options(lead, day)]
        for action in actions
        if action.column in columns
    ]
    every = [option for each in options for option in each]
    if not every:
        return
    changed = [change(lead, option.column, option.value) for option in every]
    rows = scorer.encoder.encode([lead, *changed], [day] * (len(every) + 1))
    row_of = dict(zip(every, rows[1:], strict=True))
    tried = list(islice(_combinations(options), MOST_TRIED))
    X = np.repeat(rows[:1], len(tried), axis=0)
    for row, plan in zip(X, tried, strict=True):
        for option in plan:
            row[columns[option.column]] = row_of[option][columns[option.column]]
    for plan, probability in zip(tried, scorer.probabilities_of_matrix(X).tolist(), strict=True):
        yield Plan(plan, probability, reaches(probability))


def _combinations(options: Sequence[Sequence[Option]]) -> Iterator[tuple[Option, ...]]:
    for count in range(1, MOST_FIELDS + 1):
        for chosen in combinations(options, count):
            yield from product(*chosen)


def _different(plans: Sequence[Plan]) -> list[Plan]:
    """The smallest plan for each set of fields, none that does more than another needs."""
    found: list[Plan] = []
    for plan in plans:
        columns = {each.column for each in plan.changes}
        if not any(
            columns == {each.column for each in other.changes}
            or set(other.changes) <= set(plan.changes)
            for other in found
        ):
            found.append(plan)
        if len(found) == MOST_PLANS:
            break
    return found
