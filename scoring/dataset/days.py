"""Which days of a lead's life are training rows, and what each row's label is. Plain Python.

A row is the lead as of a day; its label says whether the lead was won within the window of that
day. What happened later than the outcome, and what nobody can judge yet, makes no row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from scoring.ml.hazard.followups import LOST, OPEN, WON

MOST_ROWS = 6
# With fewer wins nothing is said of how outcomes come; the shares of outcomes without a day are
# alike in both classes if they differ by less.
FEWEST_OUTCOMES, ALIKE = 20, 0.5


class LeftOut(StrEnum):
    """Why a lead makes no row."""

    DISQUALIFIED = "disqualified: never really a lead"
    ONLY_PREDICTED = "known from prediction requests alone, no outcome"
    YOUNG = "too young to judge"
    OUTCOME_FIRST = "the outcome's day lies before the day the lead became known"
    NO_STATE = "nothing recorded about it"


@dataclass(frozen=True, slots=True)
class State:
    """A lead as something recorded it on `day`.

    `mentioned`: a prediction request created the lead with it.
    `snapshot`: it is what a prediction request sent.
    """

    day: date
    mentioned: bool = False
    snapshot: bool = False


@dataclass(frozen=True, slots=True)
class Life:
    """What decides a lead's rows. `states` are in the order in which they came about.

    `result` is "won", "lost", "disqualified" or None (open); `recorded_on` is the day on which
    somebody first recorded it.
    """

    states: Sequence[State]
    seen_on: date | None = None
    confirmed: bool = True
    result: str | None = None
    occurred_on: date | None = None
    recorded_on: date | None = None

    @property
    def outcome_day(self) -> date | None:
        """The day from which on nothing may be learned: it may hold the outcome already."""
        return self.occurred_on or self.recorded_on


@dataclass(frozen=True, slots=True)
class Row:
    """A training row: the lead's state number `state` as of `day`; no days if nobody knows."""

    day: date | None
    known_on: date | None
    label: int
    state: int


@dataclass(frozen=True)
class Rows:
    """A lead's rows, of equal weight; or why it has none.

    young: rows that cannot be judged yet, at most MOST_ROWS. matures: when each young row will be,
    also of those that are too many.
    """

    used: list[Row] = field(default_factory=list)
    left_out: LeftOut | None = None
    young: list[Row] = field(default_factory=list)
    matures: list[date] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Days until a lead was won or lost (`event`), or until today; `watched`: until today."""

    elapsed: int
    event: int
    watched: int


def rows_of(life: Life, *, today: date, window: timedelta, at_once: bool = True) -> Rows:
    """The training rows of one lead as `today` knows it: at most MOST_ROWS, in order of days.

    at_once: an outcome without a day counts at once, as `face_value` found.
    """
    if life.result == "disqualified":
        return Rows(left_out=LeftOut.DISQUALIFIED)
    if life.result is None and not life.confirmed:
        return Rows(left_out=LeftOut.ONLY_PREDICTED)
    if not life.states:
        return Rows(left_out=LeftOut.NO_STATE)
    days = _days(life)
    if not days:
        if life.seen_on is not None:
            return Rows(left_out=LeftOut.OUTCOME_FIRST)
        return Rows(used=[Row(None, None, int(life.result == "won"), _first_state(life))])
    known = {day: _known_on(life, day, window, at_once) for day in days}
    mature = [day for day in days if known[day] <= today]
    young = [day for day in days if known[day] > today]

    def row(day: date) -> Row:
        return Row(day, known[day], _label(life, day, window), _state(life, day))

    return Rows(
        used=[row(day) for day in _spread(mature)],
        left_out=None if mature else LeftOut.YOUNG,
        young=[row(day) for day in _spread(young)],
        matures=[known[day] for day in young],
    )


def face_value(*, won: int, lost: int, undated_won: int, undated_lost: int) -> bool:
    """Whether outcomes without a day count from the day on which their lead was known.

    Not where mostly the won have none, or mostly the lost: one class would count at once and the
    other after its window, so that the days before each cut would hold one class only.
    """
    if won < FEWEST_OUTCOMES:
        return True
    return abs(undated_won / won - undated_lost / max(lost, 1)) < ALIKE


def followed(life: Life, day: date | None, *, today: date) -> FollowUp | None:
    """What came of a lead after `day`, as `today` knows it.

    None if nobody knows the day or that of the outcome, and for a lead that `rows_of` leaves out
    because it is none, or nobody's.
    """
    if life.result == "disqualified" or (life.result is None and not life.confirmed):
        return None
    if day is None or day > today or (life.result is not None and life.occurred_on is None):
        return None
    watched = (today - day).days
    if life.occurred_on is None or life.occurred_on > today:
        return FollowUp(watched, OPEN, watched)
    elapsed = (life.occurred_on - day).days
    if elapsed < 0:
        return None
    return FollowUp(elapsed, WON if life.result == "won" else LOST, watched)


def _days(life: Life) -> list[date]:
    """The first day, and each later one before the outcome on which something was recorded."""
    end = life.outcome_day
    days = {state.day for state in life.states if end is None or state.day < end}
    if life.seen_on is not None:
        days = {day for day in days if day > life.seen_on}
        if end is None or life.seen_on <= end:
            days.add(life.seen_on)
    return sorted(days)


def _known_on(life: Life, day: date, window: timedelta, at_once: bool) -> date:
    """The first day on which this day's label can be known.

    Quick wins wait for their window like the open leads beside them. An outcome that nobody
    dated is taken at face value on the lead's first day, if any are.
    """
    undated = life.result is not None and life.occurred_on is None
    return day if at_once and undated and day == life.seen_on else day + window


def _label(life: Life, day: date, window: timedelta) -> int:
    if life.result != "won":
        return 0
    return int(life.occurred_on is None or life.occurred_on <= day + window)


def _state(life: Life, day: date) -> int:
    """Which state a row sees: the day's last; on the first day the one that it began with.

    The outcome may lie on the first day itself: what was recorded later that day may know it.
    """
    if day != life.seen_on:
        return max(number for number, state in enumerate(life.states) if state.day == day)
    earlier = [number for number, state in enumerate(life.states) if state.day < day]
    return earlier[-1] if earlier else _first_state(life)


def _first_state(life: Life) -> int:
    """The first; but where a prediction request created the lead, what that request sent."""
    first, following = life.states[0], life.states[1:2]
    sent = first.mentioned and any(state.snapshot and state.day == first.day for state in following)
    return int(sent)


def _spread(days: Sequence[date]) -> list[date]:
    """At most MOST_ROWS of the days: the first, the last and evenly between."""
    if len(days) <= MOST_ROWS:
        return list(days)
    last = len(days) - 1
    return [days[round(step * last / (MOST_ROWS - 1))] for step in range(MOST_ROWS)]
