"""Leads' columns by COPY on PostgreSQL: no row becomes a Python object on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from psycopg import sql
from pyarrow import csv as arrow_csv

from scoring.dataset.features import email_domain, known_attribute
from scoring.ml.schema import ATTRIBUTE_PREFIX, DATES, NUMBERS


def copy_out(query: sql.Composable, types: Mapping[str, pa.DataType]) -> pa.Table:
    """What a query gives, its columns named and typed by `types`; texts keep NULL from ''."""
    statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(query)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        data = b"".join(copy)
    if not data:
        return pa.schema(list(types.items())).empty_table()
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        arrow_csv.ReadOptions(
            column_names=list(types), block_size=len(data) + 1, use_threads=False
        ),
        arrow_csv.ParseOptions(newlines_in_values=True),
        arrow_csv.ConvertOptions(
            column_types=dict(types),
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
        ),
    )


def expression(column: str, row: str) -> sql.Composable:
    """A frame column from a row of leads, or of their history, with this alias."""
    alias = sql.Identifier(row)
    if column.startswith(ATTRIBUTE_PREFIX):
        key = column.removeprefix(ATTRIBUTE_PREFIX)
        return sql.SQL("{}.attributes -> {}").format(alias, sql.Literal(key))
    name = "email" if column == "email_domain" else column
    return sql.SQL("{}.{}").format(alias, sql.Identifier(name))


def type_of(column: str) -> pa.DataType:
    """As what a frame column is read."""
    if column in NUMBERS:
        return pa.float64()
    return pa.date32() if column in DATES else pa.string()


def frame_values(column: str, values: pa.ChunkedArray) -> Any:
    """What an encoder looks at in a frame column; texts are categories if all leads have one."""
    if column in NUMBERS or column in DATES:
        return _plain(column, values)
    codes, found = _coded(column, values)
    if column.startswith(ATTRIBUTE_PREFIX) or not all(found):
        return _objects(codes, found)
    return pd.Categorical.from_codes(codes, pd.Index(found, dtype=object), validate=False)


def raw_column(column: str, values: pa.ChunkedArray) -> pd.Series:
    """That column (n,) of the frame that `frames.to_frame` makes of the same leads."""
    if column in NUMBERS or column in DATES:
        return pd.Series(_plain(column, values))
    words = _objects(*_coded(column, values))
    return pd.Series(words, dtype=object if column.startswith(ATTRIBUTE_PREFIX) else None)


def _plain(column: str, values: pa.ChunkedArray) -> Any:
    plain = values.to_numpy()
    return plain.astype("datetime64[s]") if column in DATES else plain


def _coded(column: str, values: pa.ChunkedArray) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """Codes (n,) of the distinct values, and these, None if they say nothing; -1 for NULL."""
    encoded = values.combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    texts = encoded.dictionary.to_pylist()
    if column.startswith(ATTRIBUTE_PREFIX):
        return codes, [known_attribute(msgspec.json.decode(text)) for text in texts]
    if column == "email_domain":
        return codes, [email_domain(text) for text in texts]
    return codes, [text or None for text in texts]


def _objects(codes: npt.NDArray[np.intp], found: list[Any]) -> npt.NDArray[np.object_]:
    words: npt.NDArray[np.object_] = np.array([*found, None], dtype=object)[codes]
    return words
