"""What was said of leads, written down in one statement that looks them up too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone

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
# Each column is one text, so that no value is a step of the client's: JSON has no raw line end.
_COLUMNS_POSTGRESQL = f"""
WITH known AS MATERIALIZED (
  SELECT lead.id, given.* FROM ROWS FROM (
    json_array_elements_text($1::json),
    json_array_elements_text($2::json),
    json_array_elements_text($3::json),
    string_to_table($4, E'\\n')
  ) WITH ORDINALITY AS given (external_id, probability, score, features, place)
  JOIN crm_lead lead USING (external_id)
  FOR KEY SHARE OF lead
)
INSERT INTO {_TABLE}
SELECT id, probability::float8, score::smallint, features, $5, '', $6, $7, $8 FROM known
WHERE (SELECT count(*) FROM known) = $9
ORDER BY place
"""  # noqa: S608  # nosec B608 - no values
_encoder = msgspec.json.Encoder()


def predictions_log(
    *,
    external_ids: Sequence[str],
    probabilities: Sequence[float],
    scores: Sequence[int],
    features: Sequence[LeadFeatures],
    version: ModelVersion,
    day: date,
) -> bool:
    """Store what a request was told; one element per lead, no lead twice.

    False, and nothing stored, if nobody knows one of them. On PostgreSQL, and for one lead, the
    look-up, the rows and the commit take one round trip to the database.
    """
    shared = (
        version.pk,
        Prediction.Source.PREDICT.value,
        connection.ops.adapt_datetimefield_value(timezone.now()),
        connection.ops.adapt_datefield_value(day),
    )
    if connection.vendor == "postgresql" and len(external_ids) > 1:
        given = [_encoder.encode(each).decode() for each in (external_ids, probabilities, scores)]
        lines = _encoder.encode_lines(features).decode().removesuffix("\n")
        return _store(_COLUMNS_POSTGRESQL, [*given, lines, *shared, len(external_ids)])
    rows = [
        (probability, score, _encoder.encode(seen).decode(), *shared, external_id)
        for external_id, probability, score, seen in zip(
            external_ids, probabilities, scores, features, strict=True
        )
    ]
    return _store(_ROW_POSTGRESQL, rows[0]) if connection.vendor == "postgresql" else _insert(rows)


def _store(statement: str, values: Sequence[Any]) -> bool:
    database: Any = connection
    # Ours keeps the plan, which takes as long to make as a row to insert.
    return bool(database.execute_prepared(statement, values))


def _insert(rows: Sequence[tuple[Any, ...]]) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_ROW, rows)
        stored: bool = cursor.rowcount == len(rows)
        transaction.set_rollback(not stored)
        return stored
