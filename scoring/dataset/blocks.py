"""A file's rows, column by column -> a frame of what a model may know of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm.importing.block_rows import BlockRows, Values, days
from crm.importing.mapping import COUNTS, MONEY
from scoring.dataset.features import email_domain, known_attribute
from scoring.ml.encoding.features import LeadEncoder
from scoring.ml.schema import ATTRIBUTE_PREFIX, DAY


def wanted(encoder: LeadEncoder) -> tuple[set[str], set[str]]:
    """The fields and the attributes that a frame for this encoder is made of."""
    columns = {column.column for column in encoder.columns}
    own = {column for column in columns if column.startswith(ATTRIBUTE_PREFIX)}
    fields = {"email" if column == "email_domain" else column for column in columns - own}
    return fields, {column.removeprefix(ATTRIBUTE_PREFIX) for column in own}


def frame_of(rows: BlockRows, taken: npt.NDArray[np.intp], day: date) -> pd.DataFrame:
    """The rows at these places as `frames.to_frame` would have them, a row without a day on `day`.

    Only columns that the parser was asked for are in it; texts are categories.
    """
    seen_on = rows.seen_on[taken]
    columns: dict[str, Any] = {DAY: np.where(np.isnat(seen_on), np.datetime64(day), seen_on)}
    for name, values in rows.fields.items():
        if values.numbers is None and values.coded is None:
            continue
        if name == "email":
            columns["email_domain"] = _told(values, taken, email_domain)
        elif name == "last_contact":
            columns[name] = days(values)[taken].astype("datetime64[s]")
        elif name in COUNTS or name in MONEY:
            columns[name] = _numbers(values, taken)
        else:
            columns[name] = _texts(values, taken)
    for name, values in rows.attributes.items():
        if values.numbers is not None or values.coded is not None:
            columns[ATTRIBUTE_PREFIX + name] = _attribute(values, taken)
    columns[DAY] = columns[DAY].astype("datetime64[s]")
    return pd.DataFrame(columns, copy=False)


def _numbers(values: Values, taken: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    if values.numbers is None:
        raise TypeError("not a column of numbers")
    return values.numbers[taken]


def _texts(values: Values, taken: npt.NDArray[np.intp]) -> pd.Categorical:
    if values.coded is None:
        raise TypeError("not a column of texts")
    categories = pd.Index(values.coded.found, dtype=object)
    return pd.Categorical.from_codes(values.coded.codes[taken], categories, validate=False)


def _told(values: Values, taken: npt.NDArray[np.intp], tell: Any) -> npt.NDArray[np.object_]:
    if values.coded is None:
        raise TypeError("not a column of texts")
    table = np.array([*map(tell, values.coded.found), None], dtype=object)
    found: npt.NDArray[np.object_] = table[values.coded.codes[taken]]
    return found


def _attribute(values: Values, taken: npt.NDArray[np.intp]) -> Any:
    coded, numbers = values.coded, values.numbers
    if coded is None or (numbers is not None and not len(coded.found)):
        return _numbers(values, taken)
    words = _told(values, taken, known_attribute)
    if numbers is not None:
        here = ~np.isnan(numbers[taken])
        words[here] = numbers[taken][here]
    return words
