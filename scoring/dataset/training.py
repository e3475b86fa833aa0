"""Every lead's history -> the training rows.

A lead of which one state is known is read by column, where the database can give columns; what
changed or was predicted is read row by row, as a stream.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db import connection
from django.db.models import Count
from django.utils import timezone

from crm.models import Lead, Outcome
from scoring.dataset.days import Life, State, face_value, rows_of
from scoring.dataset.features import COLUMNS, features_from
from scoring.dataset.gathering import CHUNK, RowGatherer
from scoring.dataset.parts import Part, together
from scoring.dataset.watching import Watching
from scoring.ml.examples import Examples
from scoring.ml.hazard.followups import FollowUps
from scoring.ml.schema import LeadFeatures
from scoring.models import Prediction

# Leads that are read by column at a time.
COPY_CHUNK = 50_000

Lives = Iterator[tuple[int, Life, Callable[[int], LeadFeatures]]]


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
    read = _by_column if connection.vendor == "postgresql" else _by_row
    found = together(list(read(today, window_days, _face_value())))
    return Dataset(
        examples=found.used,
        followups=found.followups(),
        leads=found.leads,
        left_out=dict(found.left_out),
        young_rows=found.young_rows,
        matures=found.matures,
    )


def _face_value() -> bool:
    """Whether outcomes without a day count at once."""
    outcomes = Outcome.objects.filter(result__in=("won", "lost"))
    counts = {
        result: (count, count - dated)
        for result, count, dated in outcomes.order_by()
        .values_list("result")
        .annotate(Count("pk"), Count("occurred_on"))
    }
    won, undated_won = counts.get("won", (0, 0))
    lost, undated_lost = counts.get("lost", (0, 0))
    return face_value(won=won, lost=lost, undated_won=undated_won, undated_lost=undated_lost)


def _by_row(today: date, window_days: int, at_once: bool) -> Iterator[Part]:
    """All leads as one part."""
    yield part_of(_lives(), today=today, window_days=window_days, at_once=at_once)


def _by_column(today: date, window_days: int, at_once: bool) -> Iterator[Part]:
    """Likewise in parts, the leads of one state by column; the last part is empty."""
    from scoring.dataset import one_state_copied  # noqa: PLC0415 - needs the extra "postgres"

    zone, after = timezone.get_current_timezone(), 0
    while chunk := one_state_copied.read_leads(after=after, limit=COPY_CHUNK, zone=zone):
        after = chunk.last
        yield chunk.leads.part(chunk.features, today=today, window=window_days, at_once=at_once)
        if len(chunk.others):
            yield part_of(
                _lives(chunk.others.tolist()),
                today=today,
                window_days=window_days,
                at_once=at_once,
            )
    yield part_of(iter(()), today=today, window_days=window_days)


def part_of(lives: Lives, *, today: date, window_days: int, at_once: bool = True) -> Part:
    """The rows of these leads, and what came of them."""
    window = timedelta(days=window_days)
    rows, watched = RowGatherer(), Watching(today)
    left_out: Counter[str] = Counter()
    leads, young_rows, matures = 0, 0, None
    for lead, life, features in lives:
        leads += 1
        found = rows_of(life, today=today, window=window, at_once=at_once)
        if found.left_out is not None:
            left_out[found.left_out] += 1
        for day in found.matures:
            young_rows += 1
            matures = day if matures is None else min(matures, day)
        rows.add(lead, found.used, features)
        watched.add(lead, life, found, features)
    return Part(
        used=rows.examples(),
        seen=watched.seen(),
        leads=leads,
        left_out=left_out,
        young_rows=young_rows,
        matures=matures,
    )


def _lives(keys: Sequence[int] | None = None) -> Lives:
    """Each lead, or each with such a key, in order of it: key, life, state number -> features."""
    leads, states, said = Lead.objects.all(), Lead.history.all(), Prediction.objects.all()
    if keys is not None:
        leads, states = leads.filter(pk__in=keys), states.filter(id__in=keys)
        said = said.filter(lead_id__in=keys)
    histories = _grouped(
        states.exclude(history_type="-")
        .order_by("id", "history_date", "history_id")
        .values_list("id", "history_date", "history_id", "confirmed", *COLUMNS)
        .iterator(CHUNK)
    )
    predictions = _grouped(
        said.exclude(lead=None)
        .order_by("lead_id", "predicted_at", "pk")
        .values_list("lead_id", "predicted_at", "day", "history_id", "features")
        .iterator(CHUNK)
    )
    zone = timezone.get_current_timezone()
    outcome = ("outcome__result", "outcome__occurred_on", "outcome__recorded_at")
    found = leads.order_by("pk").values_list("pk", "seen_on", "confirmed", *outcome)
    for key, seen_on, confirmed, result, occurred_on, recorded_at in found.iterator(CHUNK):
        states_of, features = _states(histories(key), predictions(key), zone)
        life = Life(
            states=states_of,
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
