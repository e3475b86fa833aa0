"""What was said of leads, written down in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django.db import connection
from django.utils import timezone

from scoring.ml.schema import LeadFeatures
from scoring.models import ModelVersion, Prediction, score_of

_TABLE = """scoring_prediction
  (lead_id, probability, score, features, version_id, arm, source, predicted_at, day)"""
_ROW = "(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
_INSERT_IF_KNOWN = f"""INSERT INTO {_TABLE}
  SELECT id, %s, %s, %s, %s, %s, %s, %s, %s FROM crm_lead WHERE external_id = %s"""  # noqa: S608  # nosec B608 - no values
# From here PostgreSQL's COPY is quicker than an INSERT, whose values the client has to quote.
MANY = 16


def predictions_log(
    *,
    leads: Sequence[int],
    probabilities: Sequence[float],
    features: Sequence[LeadFeatures],
    version: ModelVersion,
    day: date,
) -> None:
    """Store what a request was told; one element per lead, `leads` are keys.

    In SQL, because every request waits for it: for 1,000 leads `bulk_create` takes six times as
    long, most of it to prepare what all rows share once per row.
    """
    encode = msgspec.json.Encoder().encode
    texts = [encode(seen).decode() for seen in features]
    scores = [score_of(probability) for probability in probabilities]
    shared = (version.pk, "", Prediction.Source.PREDICT.value, timezone.now(), day)
    rows = zip(leads, probabilities, scores, texts, strict=True)
    if len(leads) >= MANY and connection.vendor == "postgresql":
        _copy(rows, shared)
    else:
        _insert(rows, shared)


def prediction_log_if_known(
    *,
    external_id: str,
    probability: float,
    features: LeadFeatures,
    version: ModelVersion,
    day: date,
) -> bool:
    """Store what a request was told of one lead; False, and nothing stored, if nobody knows it.

    The look-up, the row and its commit in one round trip to the database.
    """
    values = (
        probability,
        score_of(probability),
        msgspec.json.encode(features).decode(),
        version.pk,
        "",
        Prediction.Source.PREDICT.value,
        connection.ops.adapt_datetimefield_value(timezone.now()),
        connection.ops.adapt_datefield_value(day),
        external_id,
    )
    # Ours for PostgreSQL keeps its plan, which takes as long to make as the row to insert.
    with getattr(connection, "prepared_cursor", connection.cursor)() as cursor:
        cursor.execute(_INSERT_IF_KNOWN, values)
        return bool(cursor.rowcount)


def _insert(rows: Any, shared: tuple[Any, ...]) -> None:
    *same, predicted_at, day = shared
    same += [
        connection.ops.adapt_datetimefield_value(predicted_at),
        connection.ops.adapt_datefield_value(day),
    ]
    values: list[Any] = []
    for row in rows:
        values += (*row, *same)
    with connection.cursor() as cursor:
        marks = ", ".join([_ROW] * (len(values) // 9))
        cursor.execute(f"INSERT INTO {_TABLE} VALUES {marks}", values)  # noqa: S608  # nosec B608 - no values


def _copy(rows: Any, shared: tuple[Any, ...]) -> None:
    # COPY's text: tabs between, and a backslash doubled. JSON has no raw tab and no raw line end.
    end = "\t" + "\t".join(map(str, shared)) + "\n"
    lines = [
        f"{lead}\t{probability!r}\t{score}\t" + text.replace("\\", "\\\\") + end
        for lead, probability, score, text in rows
    ]
    with connection.cursor() as cursor, cursor.copy(f"COPY {_TABLE} FROM STDIN") as copy:
        copy.write("".join(lines))
