"""Leads of which one state is known, by columns: the rules of `days` for a life of one state.

Nearly every lead of a large import is such a one. Its rows are at most two, of the day it became
known and of the day it was recorded, and all see the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from scoring.dataset.days import LeftOut
from scoring.dataset.parts import Part, Seen
from scoring.ml.examples import Examples
from scoring.ml.hazard.followups import LOST, OPEN, WON, Delays
from scoring.ml.schema import DAY

Days = npt.NDArray[np.datetime64]
Which = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]

NOBODY_KNOWS = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class OneState:
    """n leads in order of their keys, arrays (n,): what a `Life` holds, days as datetime64[D].

    result: "won", "lost", "disqualified" or None. state: the day of the state.
    """

    lead: npt.NDArray[np.int64]
    seen_on: Days
    confirmed: Which
    result: npt.NDArray[np.object_]
    occurred_on: Days
    recorded_on: Days
    state: Days

    def part(
        self, features: pd.DataFrame, *, today: date, window: int, at_once: bool = True
    ) -> Part:
        """Their rows as `today` knows them; features: of each lead (n,), but for the day."""
        return _Reading(self, features, np.datetime64(today, "D"), window, at_once).part()


class _Reading:
    def __init__(
        self,
        leads: OneState,
        features: pd.DataFrame,
        today: np.datetime64,
        window: int,
        at_once: bool,
    ) -> None:
        self._leads, self._features, self._today, self._window = leads, features, today, window
        self._at_once = at_once
        self._won = leads.result == "won"
        self._decided = np.array([each is not None for each in leads.result], dtype=bool)
        self._undated = self._decided & np.isnat(leads.occurred_on)
        self._disqualified = leads.result == "disqualified"
        self._only_predicted = ~self._decided & ~leads.confirmed
        self._counted = ~self._disqualified & ~self._only_predicted

    def part(self) -> Part:
        seen, state, counted = self._leads.seen_on, self._leads.state, self._counted
        end = np.where(self._undated, self._leads.recorded_on, self._leads.occurred_on)
        no_end, unseen = np.isnat(end), np.isnat(seen)
        # Comparisons with a day that nobody knows are false.
        first = counted & ~unseen & (no_end | (seen <= end))
        later = counted & (no_end | (state < end)) & (unseen | (state > seen))
        dayless = counted & unseen & ~later
        of_first, of_later = np.flatnonzero(first), np.flatnonzero(later)
        place = np.concatenate([of_first, of_later, np.flatnonzero(dayless)])
        day: Days = np.concatenate(
            [seen[of_first], state[of_later], np.full(dayless.sum(), NOBODY_KNOWS)]
        )
        wait = np.full(len(place), np.timedelta64(self._window, "D"))
        if self._at_once:
            wait[: len(of_first)][self._undated[of_first]] = np.timedelta64(0, "D")
        known_on: Days = day + wait
        order = np.lexsort((day, place))
        place, day, known_on = place[order], day[order], known_on[order]
        young = known_on > self._today
        used, waiting = np.flatnonzero(~young), np.flatnonzero(young)
        teaches = np.zeros(len(seen), dtype=bool)
        teaches[place[used]] = True
        _, of_lead, rows = np.unique(place[used], return_inverse=True, return_counts=True)
        return Part(
            used=self._examples(place[used], day[used], known_on[used], 1.0 / rows[of_lead]),
            seen=self._seen(place, day, known_on, teaches, used, waiting),
            leads=len(seen),
            left_out=self._left_out(place, teaches),
            young_rows=len(waiting),
            matures=known_on[waiting].min().item() if len(waiting) else None,
        )

    def _seen(
        self,
        place: Places,
        day: Days,
        known_on: Days,
        teaches: Which,
        used: Places,
        waiting: Places,
    ) -> Seen:
        """What came after the rows at the places `used` and `waiting`, and after first days."""
        of_first, first = self._follow(np.arange(len(teaches)), self._leads.seen_on)
        undated = teaches.copy()
        undated[of_first] = False
        of_used, after_used = self._follow(place[used], day[used])
        of_young, after_young = self._follow(place[waiting], day[waiting])
        young = waiting[of_young]
        young_rows = self._examples(place[young], day[young], known_on[young], np.ones(len(young)))
        return Seen(
            first=first,
            undated=int(undated.sum()),
            places=of_used,
            used=after_used,
            young_rows=young_rows,
            young=after_young,
        )

    def _left_out(self, place: Places, teaches: Which) -> Counter[str]:
        has_days = np.zeros(len(teaches), dtype=bool)
        has_days[place] = True
        reasons: dict[str, Which] = {
            LeftOut.DISQUALIFIED: self._disqualified,
            LeftOut.ONLY_PREDICTED: self._only_predicted,
            LeftOut.OUTCOME_FIRST: self._counted & ~has_days,
            LeftOut.YOUNG: has_days & ~teaches,
        }
        return Counter(
            {reason: int(leads.sum()) for reason, leads in reasons.items() if leads.any()}
        )

    def _examples(
        self, place: Places, day: Days, known_on: Days, weight: npt.NDArray[np.float64]
    ) -> Examples:
        late = (self._leads.occurred_on[place] - day) > np.timedelta64(self._window, "D")
        features = self._features.iloc[place].reset_index(drop=True)
        features[DAY] = day.astype("datetime64[s]")
        return Examples(
            features=features,
            label=(self._won[place] & ~late).astype(np.int8),
            weight=weight,
            day=day,
            known_on=known_on,
            lead=self._leads.lead[place],
        )

    def _follow(self, place: Places, day: Days) -> tuple[Places, Delays]:
        """What came of leads at these places after a day each: of which it is known, and what."""
        occurred = self._leads.occurred_on[place]
        open_ = np.isnat(occurred) | (occurred > self._today)
        watched = (self._today - day).astype(np.int64)
        elapsed = np.where(open_, watched, (occurred - day).astype(np.int64))
        told = self._counted[place] & ~self._undated[place] & ~np.isnat(day) & (day <= self._today)
        rows = np.flatnonzero(told & (elapsed >= 0))
        event = np.where(open_, OPEN, np.where(self._won[place], WON, LOST))
        return rows, Delays(
            elapsed=elapsed[rows].astype(np.int32),
            event=event[rows].astype(np.int8),
            watched=watched[rows].astype(np.int32),
        )
