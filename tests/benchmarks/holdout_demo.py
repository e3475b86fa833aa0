"""In a scratch installation with demo leads: retrain as of 210 days ago, score what came later.

Writes `past.parquet` and `later.parquet` into the folder that is its argument: one row for each
training row, or for the first day of each later lead, with what the product said of it.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import django
import numpy as np
import pandas as pd

AGO = timedelta(days=210)


def main(folder: Path) -> None:
    """Do it."""
    from django.conf import settings  # noqa: PLC0415 - Django must be set up first

    from crm.days import today  # noqa: PLC0415
    from scoring import registry  # noqa: PLC0415
    from scoring.dataset import training_examples  # noqa: PLC0415
    from scoring.services.retrain import model_retrain  # noqa: PLC0415

    then = today() - AGO
    model_retrain(today=then)
    window = settings.OUTCOME_WINDOW_DAYS
    past = training_examples(then, window).examples
    later = training_examples(today(), window).examples
    new = (later.day > np.datetime64(then)) & ~np.isin(later.lead, past.lead)
    first = new & (np.diff(later.lead, prepend=-1) != 0)
    later = later.take(first)
    said = registry.champion().scorer.probabilities_of_frame(later.features)
    _plain(past.features).assign(label=past.label, weight=past.weight).to_parquet(
        folder / "past.parquet"
    )
    _plain(later.features).assign(label=later.label, weight=later.weight, product=said).to_parquet(
        folder / "later.parquet"
    )


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Days as days before the row's own; columns without any value left out."""
    plain = frame.drop(columns="day").dropna(axis="columns", how="all")
    for name in plain.columns:
        if name.endswith("_on"):
            plain[name] = pd.to_datetime(plain[name], format="ISO8601")
        if pd.api.types.is_datetime64_any_dtype(plain[name]):
            plain[name] = (frame["day"] - plain[name]).dt.days.astype(float)
    return plain


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]))
