"""Bulk scoring against its limit: the bare libraries, the same boosted trees, one core each.

`BULK_ROWS` sets how many rows (1,000,000 unless set). Start-up is in both sides' seconds.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Callable

import numpy as np
import pandas as pd

from tests.benchmarks.installation import Installation
from tests.benchmarks.many_leads import store_leads, write_leads
from tests.benchmarks.predict import installed
from tests.benchmarks.row import Row, rate_row
from tests.benchmarks.timed import Took, timed

ROWS = int(os.environ.get("BULK_ROWS", "1000000"))
ROUNDS = 3
MODEL = "gradient-boosting"
LIMIT = ("-m", "tests.benchmarks.bulk_limit")
SCORE_YESTERDAY = """
import django; django.setup()
from datetime import timedelta
from crm.days import today
from scoring.services.rescore import leads_rescore
leads_rescore(day=today() - timedelta(days={days}))
"""


def file_vs_limit(name: str) -> Row:
    """`manage.py score --input` against read_csv + predict_proba + to_csv; the same scores."""
    with installed(MODEL, postgres=True) as installation:
        folder = installation.folder
        source, ours, bare = (str(folder / f"{each}.csv") for each in ("leads", "ours", "bare"))
        write_leads(folder / "leads.csv", ROWS)
        pipeline = str(folder / f"{MODEL}.joblib")

        def score() -> Took:
            return score_file(installation, source, ours)

        def limit() -> Took:
            return timed(installation.environment, *LIMIT, "file", pipeline, source, bare)

        row = _compared(name, score, limit, target=0.7)
        said = [pd.read_csv(path)["conversionProbability"] for path in (ours, bare)]
        if np.abs(said[0] - said[1]).max() > 1e-6:
            raise RuntimeError("the two sides say different things of the same rows")
        return row


def score_file(installation: Installation, source: str, output: str) -> Took:
    """Score a file of the contract's columns by the command."""
    files = ("--input", source, "--output", output)
    return timed(installation.environment, "manage.py", "score", *files)


def rescore_vs_limit(name: str) -> Row:
    """`manage.py score` over leads that were scored the day before, against COPY + bare predict."""
    with installed(MODEL, postgres=True) as installation:
        url = installation.environment["DATABASE_URL"]
        store_leads(url, ROWS)
        pipeline = str(installation.folder / f"{MODEL}.joblib")
        installation.run("-c", SCORE_YESTERDAY.format(days=ROUNDS + 1))
        ago = iter(range(ROUNDS, 0, -1))

        def score() -> Took:
            # Each time a day later, so that what the day changes is stored.
            return timed(installation.environment, "-c", SCORE_YESTERDAY.format(days=next(ago) - 1))

        def limit() -> Took:
            return timed(installation.environment, *LIMIT, "leads", pipeline, url)

        return _compared(name, score, limit, target=0.5)


def _compared(
    name: str, ours: Callable[[], Took], other: Callable[[], Took], *, target: float
) -> Row:
    """In turn, medians of the rounds."""
    rounds = [(ours(), other()) for _ in range(ROUNDS)]
    seconds = []
    for side, runs in zip(("ours", "other"), zip(*rounds, strict=True), strict=True):
        seconds.append(statistics.median(run.seconds for run in runs))
        processor = statistics.median(run.processor for run in runs)
        most = max(run.megabytes for run in runs)
        print(
            f"  {name}, {side}: {ROWS:,} rows in {seconds[-1]:.1f} s ({processor:.1f} s of the "
            f"processor), at most {most:.0f} MB",
            flush=True,
        )
    return rate_row(name, ROWS / seconds[0], ROWS / seconds[1], "rows/s", target)


BENCHMARKS = {"bulk-file-vs-limit": file_vs_limit, "rescore-vs-limit": rescore_vs_limit}
