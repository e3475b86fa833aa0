"""What was said of leads, written down while more is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import msgspec
import numpy as np
import numpy.typing as npt
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils import timezone

from leadscoring.postgresql.arrays import from_binary, to_binary
from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, Prediction

_TABLE = """scoring_prediction
  (lead_id, probability, score, features, version_id, arm, source, predicted_at, day)"""
_ROW = f"""
INSERT INTO {_TABLE}
SELECT id, %s, %s, %s, %s, '', %s, %s, %s FROM crm_lead WHERE external_id = %s
"""  # noqa: S608  # nosec B608 - no values
# Who is being erased is waited for, and then not there any more.
_ROW_POSTGRESQL = f"""
INSERT INTO {_TABLE}
SELECT id, $1, $2, $3, $4, '', $5, $6, $7 FROM crm_lead WHERE external_id = $8 FOR KEY SHARE
"""  # noqa: S608  # nosec B608 - no values
_KNOWN_POSTGRESQL = """
SELECT array_agg(id ORDER BY place) FROM (
  SELECT lead.id, given.place
  FROM json_array_elements_text($1::json) WITH ORDINALITY AS given (external_id, place)
  JOIN crm_lead lead USING (external_id)
  FOR KEY SHARE OF lead
) known
"""
# What is seen of the leads is one text, which splits quicker than an array is read: JSON has no raw
# line end.
_ROWS_POSTGRESQL = f"""
INSERT INTO {_TABLE}
SELECT lead_id, probability, score, features, $5, '', $6, $7, $8 FROM ROWS FROM (
  unnest($1::bigint[]), unnest($2::float8[]), unnest($3::smallint[]), string_to_table($4, E'\\n')
) AS told (lead_id, probability, score, features)
"""  # noqa: S608  # nosec B608 - no values
_encoder = msgspec.json.Encoder()
Array = npt.NDArray[Any]
# What all rows of a request have: version, source, time, day.
Shared = tuple[object, ...]


class PredictionLog(Protocol):
    """What leads are told, in their order."""

    @property
    def complete(self) -> bool:
        """Whether all of it is stored, once the log is closed; nothing is if a lead is unknown."""

    def add(self, features: Sequence[LeadFeatures], probabilities: Array, scores: Array) -> None:
        """What the next leads (n,) are told, and from what."""


@contextmanager
def predictions_log(
    *, external_ids: Sequence[str], version: ModelVersion, day: date
) -> Iterator[PredictionLog]:
    """Store what a request is told of these leads in turn, none of them twice, when the block ends.

    On PostgreSQL one lead takes one round trip to the database. Many are looked up while the block
    runs, and stored part by part while it finds out what to tell of the next part.
    """
    # Django's own `connection` looks for the thread's each time that it is asked for anything.
    database: Any = connections[DEFAULT_DB_ALIAS]
    shared = (
        version.pk,
        Prediction.Source.PREDICT.value,
        database.ops.adapt_datetimefield_value(timezone.now()),
        database.ops.adapt_datefield_value(day),
    )
    if database.vendor == "postgresql" and len(external_ids) > 1:
        with transaction.atomic():
            ahead = _Ahead(database, external_ids, shared)
            yield ahead
            ahead.wait()
            transaction.set_rollback(not ahead.complete)
    else:
        at_once = _AtOnce(database, external_ids, shared)
        yield at_once
        at_once.store()


class _AtOnce:
    """Everything at the end: any number of leads, but on PostgreSQL one."""

    complete = False

    def __init__(self, database: Any, external_ids: Sequence[str], shared: Shared) -> None:
        self._database = database
        self._shared = shared
        self._external_ids = iter(external_ids)
        self._rows: list[tuple[Any, ...]] = []

    def add(self, features: Sequence[LeadFeatures], probabilities: Array, scores: Array) -> None:
        """As PredictionLog says."""
        for told in zip(probabilities.tolist(), scores.tolist(), features, strict=True):
            probability, score, seen = told
            seen_as = _encoder.encode(seen).decode()
            external_id = next(self._external_ids)
            self._rows.append((probability, score, seen_as, *self._shared, external_id))

    def store(self) -> None:
        """All rows, or none."""
        if self._database.vendor == "postgresql":
            # Ours keeps the plan, which takes as long to make as a row to insert.
            (row,) = self._rows
            self.complete = self._database.execute_prepared(_ROW_POSTGRESQL, row) == 1
            return
        with transaction.atomic(), self._database.cursor() as cursor:
            cursor.executemany(_ROW, self._rows)
            self.complete = cursor.rowcount == len(self._rows)
            transaction.set_rollback(not self.complete)


class _Ahead:
    """One statement at a time is left to PostgreSQL, in the transaction that the log is."""

    def __init__(self, database: Any, external_ids: Sequence[str], shared: Shared) -> None:
        self._shared = shared
        self._send = database.send_prepared
        self._count = len(external_ids)
        self._told = self._stored = 0
        self._look_up = self._send(_KNOWN_POSTGRESQL, [_encoder.encode(external_ids)])
        self._rows: Any = None

    @property
    def complete(self) -> bool:
        """As PredictionLog says."""
        return self._stored == self._count

    @cached_property
    def _keys(self) -> npt.NDArray[np.int64]:
        """The leads', in their order; none if somebody is unknown."""
        keys = from_binary(self._look_up.wait().value, "i8")
        return keys if len(keys) == self._count else keys[:0]

    def add(self, features: Sequence[LeadFeatures], probabilities: Array, scores: Array) -> None:
        """As PredictionLog says."""
        keys = self._keys[self._told : self._told + len(features)]
        if not len(keys):
            return
        self._told += len(features)
        told = [to_binary(keys, "i8"), to_binary(probabilities, "f8"), to_binary(scores, "i2")]
        lines = _encoder.encode_lines(features).removesuffix(b"\n")
        # Not sooner: until now the server had the rows before to store.
        self.wait()
        self._rows = self._send(_ROWS_POSTGRESQL, [*told, lines, *self._shared])

    def wait(self) -> None:
        """Until the last rows are stored."""
        if self._rows:
            self._stored += self._rows.wait().rows
            self._rows = None
