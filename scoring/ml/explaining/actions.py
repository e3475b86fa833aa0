"""What a salesperson can do about a lead, as a team sets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from scoring.ml.schema import ATTRIBUTE_PREFIX, LeadFeatures, value_of

# Name on the wire -> frame column.
COLUMNS = {
    "lastContact": "last_contact",
    "budget": "budget",
    "previousPurchases": "previous_purchases",
    "interactions": "interactions",
    "industry": "industry",
    "size": "size",
    "position": "position",
}
DATES = frozenset({"last_contact"})
NUMBERS = frozenset({"budget", "previous_purchases", "interactions"})
# More steps than this are no plan but a grid.
MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Action:
    """A change of one field. kind "today": to the lead's day; "add": by one of `values`, from the
    smallest; "set": to one of `values`, the easiest first."""

    column: str
    kind: str
    values: tuple[Any, ...] = ()

    def options(self, lead: LeadFeatures, day: date) -> list[tuple[object, float]]:
        """What the field can become, with how large a step that is, above 0 and at most 1."""
        current = value_of(lead, self.column)
        if self.kind == "today":
            found: list[object] = [day if self.column in DATES else day.isoformat()]
        elif self.kind == "add":
            start = current if isinstance(current, int | float) else 0
            found = [float(start + each) for each in self.values]
        else:
            found = list(self.values)
        return [
            (value, step / len(found))
            for step, value in enumerate(found, start=1)
            if value != current
        ]


def actions_from(setting: Mapping[str, Any]) -> tuple[Action, ...]:
    """Reads {"lastContact": "today", "interactions": {"add": [1, 20]}, "attributes.demo": {"set":
    [true]}}; the two numbers of "add" are the least and the most. Raises ValueError.
    """
    return tuple(_action(name, given) for name, given in setting.items())


def change(lead: LeadFeatures, column: str, value: object) -> LeadFeatures:
    """The lead with another value in a frame column."""
    if column.startswith(ATTRIBUTE_PREFIX):
        key = column.removeprefix(ATTRIBUTE_PREFIX)
        attributes: dict[str, Any] = {**lead.attributes, key: value}
        return msgspec.structs.replace(lead, attributes=attributes)
    fields: dict[str, Any] = {column: value}
    return msgspec.structs.replace(lead, **fields)


def _action(name: str, given: Any) -> Action:
    is_attribute = name.startswith(ATTRIBUTE_PREFIX)
    column = name if is_attribute else COLUMNS.get(name)
    if column is None:
        known = ", ".join(COLUMNS)
        raise ValueError(f"{name} is none of {known}, nor attributes.NAME.")
    match given:
        case "today" if is_attribute or column in DATES:
            return Action(column, "today")
        case {"add": [int() | float() as least, int() | float() as most]} if (
            len(given) == 1 and 0 < least <= most and (is_attribute or column in NUMBERS)
        ):
            steps = min(MOST_STEPS, round((most - least) / _step(least)) + 1)
            width = (most - least) / max(steps - 1, 1)
            return Action(column, "add", tuple(least + width * step for step in range(steps)))
        case {"set": [_, *_] as values} if (
            len(given) == 1 and column not in DATES | NUMBERS and _are_plain(values)
        ):
            return Action(column, "set", tuple(values[:MOST_STEPS]))
    raise ValueError(
        f'{name} must be "today" (a date), {{"add": [LEAST, MOST]}} (a number) or '
        '{"set": [VALUE, ...]} (a text, a number or a truth value).'
    )


def _step(least: float) -> float:
    """Counts go up by one; other amounts by the least one."""
    return 1.0 if least == 1 else least


def _are_plain(values: Sequence[object]) -> bool:
    return all(isinstance(value, str | int | float | bool) for value in values)
