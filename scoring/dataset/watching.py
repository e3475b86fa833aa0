"""What came of leads after a day: how long they took to be won or lost, the young ones too."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from datetime import date

import numpy as np

from scoring.dataset.days import FollowUp, Life, Rows, followed
from scoring.dataset.gathering import RowGatherer
from scoring.dataset.parts import Seen
from scoring.ml.hazard.followups import Delays
from scoring.ml.schema import LeadFeatures


class Watching:
    """Takes leads one by one; `seen` tells what came after each row's day and their first.

    The features of rows that teach are not kept a second time.
    """

    def __init__(self, today: date) -> None:
        self._today = today
        self._first, self._used, self._young = _Column(), _Column(), _Column()
        self._places = array("q")
        self._young_rows = RowGatherer()
        self._rows = 0
        self._undated = 0

    def add(
        self, lead: int, life: Life, rows: Rows, features: Callable[[int], LeadFeatures]
    ) -> None:
        """A lead with its rows; those that teach come in the order of the training rows."""
        first = followed(life, life.seen_on, today=self._today)
        if first is not None:
            self._first.add(first)
        elif rows.used:
            self._undated += 1
        for row in rows.used:
            watched = followed(life, row.day, today=self._today)
            if watched is not None:
                self._places.append(self._rows)
                self._used.add(watched)
            self._rows += 1
        for row in rows.young:
            watched = followed(life, row.day, today=self._today)
            if watched is not None:
                self._young_rows.add(lead, [row], features)
                self._young.add(watched)

    def seen(self) -> Seen:
        """All that was added."""
        return Seen(
            first=self._first.delays(),
            undated=self._undated,
            places=np.array(self._places, dtype=np.intp),
            used=self._used.delays(),
            young_rows=self._young_rows.examples(),
            young=self._young.delays(),
        )


class _Column:
    """Follow-ups as columns: a million of them as objects would take a gigabyte."""

    def __init__(self) -> None:
        self._elapsed, self._event, self._watched = array("i"), array("b"), array("i")

    def add(self, each: FollowUp) -> None:
        self._elapsed.append(each.elapsed)
        self._event.append(each.event)
        self._watched.append(each.watched)

    def delays(self) -> Delays:
        return Delays(
            elapsed=np.array(self._elapsed, dtype=np.int32),
            event=np.array(self._event, dtype=np.int8),
            watched=np.array(self._watched, dtype=np.int32),
        )
