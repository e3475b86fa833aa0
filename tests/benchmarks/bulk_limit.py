"""The limits of bulk work: what bare libraries take that check nothing and keep no history.

`python -m tests.benchmarks.bulk_limit file PIPELINE IN OUT`: read_csv, predict_proba, to_csv.
`python -m tests.benchmarks.bulk_limit leads PIPELINE URL`: COPY out, predict_proba, COPY in.
"""

from __future__ import annotations

import io
import sys

import joblib
import numpy as np
import pandas as pd
import psycopg

from tests.benchmarks.peer import CATEGORIES, NUMBERS

_OUT = """
COPY (SELECT id, industry, size, budget, previous_purchases AS "previousPurchases", interactions,
  last_contact AS "lastContact" FROM crm_lead ORDER BY id) TO STDOUT (FORMAT csv, HEADER)
"""


def probabilities(pipeline: str, frame: pd.DataFrame) -> np.ndarray:
    """What the pipeline says of a frame of the contract's columns (n,)."""
    today = pd.Timestamp.today().normalize()
    frame["recency"] = (today - pd.to_datetime(frame["lastContact"])).dt.days
    said: np.ndarray = joblib.load(pipeline).predict_proba(frame[CATEGORIES + NUMBERS])[:, 1]
    return said


def score_file(pipeline: str, source: str, output: str) -> None:
    """A file of leads -> a file of scores."""
    frame = pd.read_csv(source)
    said = probabilities(pipeline, frame)
    scores = np.rint(100 * said).astype(int)
    columns = {"id": frame["id"], "conversionProbability": said, "score": scores}
    pd.DataFrame({**columns, "modelVersion": 1}).to_csv(output, index=False)


def score_leads(pipeline: str, url: str) -> None:
    """Stored leads -> a plain table of scores."""
    with psycopg.connect(url) as database:
        with database.cursor().copy(_OUT) as copy:
            frame = pd.read_csv(io.BytesIO(b"".join(copy)))
        said = probabilities(pipeline, frame)
        columns = {"id": frame["id"], "p": said, "s": np.rint(100 * said).astype(int)}
        text = pd.DataFrame(columns).to_csv(index=False, header=False)
        database.execute("CREATE TABLE IF NOT EXISTS bare (id bigint, p float8, s int)")
        database.execute("TRUNCATE bare")
        with database.cursor().copy("COPY bare FROM STDIN (FORMAT csv)") as copy:
            copy.write(text)


if __name__ == "__main__":
    if sys.argv[1] == "file":
        score_file(*sys.argv[2:])
    else:
        score_leads(*sys.argv[2:])
