"""Leads of which one state is known, by columns from PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from psycopg import sql

from scoring.dataset.copied import copy_out, expression, raw_column, type_of
from scoring.dataset.one_state import OneState
from scoring.ml.schema import ATTRIBUTE_PREFIX, SCALAR_FIELDS

_KEYS = sql.SQL("SELECT id FROM crm_lead WHERE id > {after} ORDER BY id LIMIT {limit}")
_ATTRIBUTES = sql.SQL(
    """
    SELECT DISTINCT key FROM crm_historicallead, jsonb_object_keys(attributes) key
    WHERE id > {after} AND id <= {last}
    """
)
# Who was predicted, or changed, has more states. Each table is asked for the range itself: the
# planner does not carry it over.
_LEADS = sql.SQL(
    """
    SELECT l.id, l.seen_on, l.confirmed, o.result, o.occurred_on,
      (o.recorded_at AT TIME ZONE {zone})::date, (h.history_date AT TIME ZONE {zone})::date
      {columns}
    FROM crm_lead l
    JOIN crm_historicallead h
      ON h.id = l.id AND h.history_type <> '-' AND h.id > {after} AND h.id <= {last}
    LEFT JOIN crm_outcome o
      ON o.lead_id = l.id AND o.lead_id > {after} AND o.lead_id <= {last}
    WHERE l.id > {after} AND l.id <= {last}
      AND NOT EXISTS (
        SELECT FROM crm_historicallead other
        WHERE other.id = l.id AND other.history_id <> h.history_id AND other.history_type <> '-'
          AND other.id > {after} AND other.id <= {last}
      )
      AND NOT EXISTS (
        SELECT FROM scoring_prediction p
        WHERE p.lead_id = l.id AND p.lead_id > {after} AND p.lead_id <= {last}
      )
    ORDER BY l.id
    """
)
_TYPES = {
    "id": pa.int64(),
    "seen_on": pa.date32(),
    "confirmed": pa.bool_(),
    "result": pa.string(),
    "occurred_on": pa.date32(),
    "recorded_on": pa.date32(),
    "state": pa.date32(),
}


@dataclass(frozen=True)
class Chunk:
    """The leads of a range of keys: those of one state, with their features, and the others' keys.

    features: a frame as `to_frame` makes it, but for the day. last: the last key of all.
    """

    leads: OneState
    features: pd.DataFrame
    others: npt.NDArray[np.int64]
    last: int


def read_leads(*, after: int, limit: int, zone: tzinfo) -> Chunk | None:
    """The next `limit` leads with keys above `after`; None if there are none."""
    keys = _keys(after, limit)
    if not len(keys):
        return None
    last = int(keys[-1])
    span = {"after": sql.Literal(after), "last": sql.Literal(last)}
    found = copy_out(_ATTRIBUTES.format(**span), {"key": pa.string()}).column("key").to_pylist()
    # As PostgreSQL has them in a lead's attributes.
    found.sort(key=lambda key: (len(key.encode()), key.encode()))
    columns = [*SCALAR_FIELDS, *(ATTRIBUTE_PREFIX + key for key in found)]
    table = copy_out(
        _LEADS.format(
            **span,
            zone=sql.Literal(str(zone)),
            columns=sql.SQL("").join(sql.SQL(", ") + expression(each, "h") for each in columns),
        ),
        {**_TYPES, **{each: type_of(each) for each in columns}},
    )
    leads = _one_state(table)
    frame = pd.DataFrame({each: raw_column(each, table.column(each)) for each in columns})
    return Chunk(leads, frame, np.setdiff1d(keys, leads.lead), last)


def _keys(after: int, limit: int) -> npt.NDArray[np.int64]:
    query = _KEYS.format(after=sql.Literal(after), limit=sql.Literal(limit))
    return np.asarray(copy_out(query, {"id": pa.int64()}).column("id").to_numpy())


def _one_state(table: pa.Table) -> OneState:
    def days(name: str) -> npt.NDArray[np.datetime64]:
        return np.asarray(table.column(name).to_numpy().astype("datetime64[D]"))

    return OneState(
        lead=table.column("id").to_numpy(),
        seen_on=days("seen_on"),
        confirmed=table.column("confirmed").to_numpy().astype(bool),
        result=table.column("result").to_numpy(),
        occurred_on=days("occurred_on"),
        recorded_on=days("recorded_on"),
        state=days("state"),
    )
