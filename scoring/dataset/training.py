"""Every lead's history -> the training rows, in three queries whatever the number of leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.utils import timezone

from crm.models import Lead
from scoring.dataset.days import Life, State, rows_of
from scoring.dataset.features import COLUMNS, features_from
from scoring.dataset.gathering import CHUNK, RowGatherer
from scoring.dataset.watching import Watching
from scoring.ml.examples import Examples
from scoring.ml.hazard.followups import FollowUps
from scoring.ml.schema import LeadFeatures
from scoring.models import Prediction


@dataclass(frozen=True)
class Dataset:
    """The training rows of a day, and what made none.

    `left_out`: reason -> number of leads without a row. `young_rows`: rows, also of leads that
    have others, whose window is still open; the first closes on `matures`. `followups`: how long
    leads took to be won or lost, those too young to judge among them.
    """

    examples: Examples
    followups: FollowUps
    leads: int
    left_out: dict[str, int]
    young_rows: int
    matures: date | None


def training_examples(today: date, window_days: int) -> Dataset:
    """What `today` can be learned from: won within `window_days` or not, as rows of leads.

    Streams: holds the rows that it returns and one chunk of leads. `Examples.lead` is the
    lead's primary key; rows are in order of leads, then of days.
    """
    window = timedelta(days=window_days)
    rows, watched = RowGatherer(), Watching(today)
    left_out: Counter[str] = Counter()
    leads, young_rows, matures = 0, 0, None
    for lead, life, features in _lives():
        leads += 1
        found = rows_of(life, today=today, window=window)
        if found.left_out is not None:
            left_out[found.left_out] += 1
        for day in found.matures:
            young_rows += 1
            matures = day if matures is None else min(matures, day)
        rows.add(lead, found.used, features)
        watched.add(lead, life, found, features)
    examples = rows.examples()
    followups = watched.followups(examples)
    return Dataset(examples, followups, leads, dict(left_out), young_rows, matures)


def _lives() -> Iterator[tuple[int, Life, Callable[[int], LeadFeatures]]]:
    """Each lead in order of its key: key, life, and state number -> features."""
    leads = Lead.objects.order_by("pk").values_list(
        "pk",
        "seen_on",
        "confirmed",
        "outcome__result",
        "outcome__occurred_on",
        "outcome__recorded_at",
    )
    histories = _grouped(
        Lead.history.exclude(history_type="-")
        .order_by("id", "history_date", "history_id")
        .values_list("id", "history_date", "history_id", "confirmed", *COLUMNS)
        .iterator(CHUNK)
    )
    predictions = _grouped(
        Prediction.objects.exclude(lead=None)
        .order_by("lead_id", "predicted_at", "pk")
        .values_list("lead_id", "predicted_at", "day", "history_id", "features")
        .iterator(CHUNK)
    )
    zone = timezone.get_current_timezone()
    for key, seen_on, confirmed, result, occurred_on, recorded_at in leads.iterator(CHUNK):
        states, features = _states(histories(key), predictions(key), zone)
        life = Life(
            states=states,
            seen_on=seen_on,
            confirmed=confirmed,
            result=result,
            occurred_on=occurred_on,
            recorded_on=recorded_at and _day(recorded_at, zone),
        )
        yield key, life, features


def _states(
    history: list[tuple[Any, ...]], predictions: list[tuple[Any, ...]], zone: tzinfo
) -> tuple[list[State], Callable[[int], LeadFeatures]]:
    """A lead's states in order of time, and what makes the features of state number n."""
    if len(history) == 1 and not predictions:
        # Nearly every lead of a large import.
        _, moment, _, confirmed, *only = history[0]
        return [State(_day(moment, zone), mentioned=not confirmed)], lambda _: features_from(*only)
    found: list[tuple[datetime, State, tuple[Any, ...] | dict[str, Any]]] = []
    by_id = {}
    for _, moment, history_id, confirmed, *columns in history:
        by_id[history_id] = tuple(columns)
        found.append(
            (moment, State(_day(moment, zone), mentioned=not confirmed), by_id[history_id])
        )
    for _, moment, day, history_id, snapshot in predictions:
        if snapshot is not None:
            found.append((moment, State(day, snapshot=True), snapshot))
        elif history_id in by_id:
            found.append((moment, State(day), by_id[history_id]))
    found.sort(key=lambda each: each[0])

    def features(number: int) -> LeadFeatures:
        source = found[number][2]
        return (
            LeadFeatures.from_json(source) if isinstance(source, dict) else features_from(*source)
        )

    return [state for _, state, _ in found], features


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Callable[[int], list[tuple[Any, ...]]]:
    """Rows in order of their first column -> a function that gives those of a key.

    Ask for keys in ascending order; rows of keys that nobody asks for are passed over.
    """
    stream = iter(rows)
    ahead = next(stream, None)

    def of(key: int) -> list[tuple[Any, ...]]:
        nonlocal ahead
        group = []
        while ahead is not None and ahead[0] <= key:
            if ahead[0] == key:
                group.append(ahead)
            ahead = next(stream, None)
        return group

    return of
