"""Rescore on PostgreSQL by column: leads come by COPY, scores go back by COPY and one statement.

Not a lead's row becomes a Python object on the way. What is stored is what `score_store` stores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.utils import timezone
from psycopg import sql

from crm.services.conflicts import in_transaction
from scoring.dataset.copied import copy_out, expression, frame_values, type_of
from scoring.events import event_write
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.schema import DAY
from scoring.models import Prediction, scores_of
from scoring.registry import LoadedVersion

_READ = sql.SQL(
    """
    SELECT l.id, l.revision {columns} FROM crm_lead l
    WHERE l.id > {after} AND l.id <= {last}
      AND NOT EXISTS (SELECT FROM crm_outcome o WHERE o.lead_id = l.id)
    ORDER BY l.id LIMIT {limit}
    """
)
_STAGE = """
CREATE TEMPORARY TABLE rescored (
  lead_id bigint, revision integer, probability double precision, score smallint
) ON COMMIT DROP
"""
# PostgreSQL would compile the next statements, which takes longer than to run them.
_AS_IT_IS = "SET LOCAL jit = off"
# Each table is told the keys' bounds: the planner does not carry them over, and would read it all.
# No lead that gets a prediction can be erased before the commit: who erases would not see that one.
_HOLD = """
SELECT count(*) FROM (
  SELECT FROM rescored r JOIN crm_lead l ON l.id = r.lead_id
  LEFT JOIN scoring_leadscore s
    ON s.lead_id = r.lead_id AND s.lead_id BETWEEN %(first)s AND %(last)s
  WHERE l.id BETWEEN %(first)s AND %(last)s
    AND (s.lead_id IS NULL OR s.version_id <> %(version)s OR s.score <> r.score)
  ORDER BY l.external_id FOR KEY SHARE OF l
) held
"""
# All parts see the scores as they were before. A lead that was erased meanwhile is no longer in
# crm_lead; one that was scored from a newer state keeps that score. A prediction names the history
# row of the revision that was scored.
_STORE = """
WITH before AS (
  SELECT s.lead_id, s.version_id, s.score FROM scoring_leadscore s JOIN rescored USING (lead_id)
  WHERE s.lead_id BETWEEN %(first)s AND %(last)s
), stored AS (
  INSERT INTO scoring_leadscore
    (lead_id, version_id, probability, score, revision, day, scored_at)
  SELECT r.lead_id, %(version)s, r.probability, r.score, r.revision, %(day)s, %(now)s
  FROM rescored r JOIN crm_lead l ON l.id = r.lead_id
  WHERE l.id BETWEEN %(first)s AND %(last)s
  ORDER BY r.lead_id
  ON CONFLICT (lead_id) DO UPDATE SET
    version_id = excluded.version_id, probability = excluded.probability, score = excluded.score,
    revision = excluded.revision, day = excluded.day, scored_at = excluded.scored_at
  WHERE scoring_leadscore.revision <= excluded.revision
  RETURNING lead_id, revision, probability, score
), said AS (
  INSERT INTO scoring_prediction
    (lead_id, version_id, arm, probability, score, source, predicted_at, day, history_id)
  SELECT n.lead_id, %(version)s, '', n.probability, n.score, %(source)s, %(now)s, %(day)s,
    (SELECT h.history_id FROM crm_historicallead h WHERE h.id = n.lead_id
     ORDER BY h.revision = n.revision DESC, h.history_date DESC, h.history_id DESC LIMIT 1)
  FROM stored n LEFT JOIN before b USING (lead_id)
  WHERE b.lead_id IS NULL OR b.version_id <> %(version)s OR b.score <> n.score
  RETURNING 1
)
SELECT (SELECT count(*) FROM stored), (SELECT count(*) FROM said)
"""


@dataclass(frozen=True)
class ScoredLeads:
    """What a version says of open leads, in order of their keys: (n,) each."""

    leads: npt.NDArray[np.int64]
    revisions: npt.NDArray[np.int64]
    probabilities: npt.NDArray[np.float64]


def leads_score(
    loaded: LoadedVersion, *, after: int, last: int, limit: int, day: date
) -> ScoredLeads:
    """The first `limit` open leads with keys in (after, last], scored as of `day`."""
    encoder = loaded.scorer.encoder
    columns = _columns(encoder)
    query = _READ.format(
        columns=sql.SQL("").join(sql.SQL(", ") + expression(column, "l") for column in columns),
        after=sql.Literal(after),
        last=sql.Literal(last),
        limit=sql.Literal(limit),
    )
    keys = {"id": pa.int64(), "revision": pa.int64()}
    table = copy_out(query, {**keys, **{column: type_of(column) for column in columns}})
    if not len(table):
        nothing = np.empty(0, dtype=np.int64)
        return ScoredLeads(nothing, nothing, np.empty(0))
    frame = _frame(table, encoder, day)
    return ScoredLeads(
        leads=table.column("id").to_numpy(),
        revisions=table.column("revision").to_numpy(),
        probabilities=loaded.scorer.probabilities_of_frame(frame),
    )


def scores_write(scored: ScoredLeads, loaded: LoadedVersion, day: date) -> int:
    """Store them in one transaction, with one event if anything changed; how many changed."""
    if not len(scored.leads):
        return 0
    return in_transaction(lambda: _write(scored, loaded, day))


def _write(scored: ScoredLeads, loaded: LoadedVersion, day: date) -> int:
    scores = scores_of(scored.probabilities)
    columns = (scored.leads, scored.revisions, scored.probabilities, scores)
    texts = [pa.array(column).cast(pa.string()) for column in columns]
    # An empty last part gives each line its end.
    lines = pc.binary_join_element_wise(
        pc.binary_join_element_wise(*texts, "\t"), pa.scalar(""), "\n"
    )
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        with cursor.copy(
            "COPY rescored (lead_id, revision, probability, score) FROM STDIN"
        ) as copy:
            copy.write(memoryview(lines.buffers()[2]))
        cursor.execute(_AS_IT_IS)
        keys = {"first": int(scored.leads[0]), "last": int(scored.leads[-1])}
        cursor.execute(_HOLD, {**keys, "version": loaded.version.pk})
        cursor.execute(
            _STORE,
            {
                **keys,
                "version": loaded.version.pk,
                "day": day,
                "now": timezone.now(),
                "source": Prediction.Source.RESCORE.value,
            },
        )
        stored, changed = cursor.fetchone()
        cursor.execute("DROP TABLE rescored")
    if changed:
        event_write(
            kind="scores.updated",
            payload={
                "leads": stored,
                "changed": changed,
                "modelVersion": loaded.version.number,
            },
        )
    return int(changed)


def _columns(encoder: LeadEncoder) -> list[str]:
    return list(dict.fromkeys(column.column for column in encoder.columns))


def _frame(table: pa.Table, encoder: LeadEncoder, day: date) -> pd.DataFrame:
    """What `frames.to_frame` would make of these leads, as far as the encoder looks at it."""
    columns: dict[str, Any] = {DAY: np.full(len(table), np.datetime64(day, "s"))}
    for name in _columns(encoder):
        columns[name] = frame_values(name, table.column(name))
    return pd.DataFrame(columns, copy=False)
