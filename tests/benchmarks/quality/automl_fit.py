"""Run by AutoGluon's own Python: learn from past.parquet, write what it says of later.parquet."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from autogluon.tabular import TabularPredictor


def main(folder: Path, preset: str, seconds: float) -> None:
    """The arguments: a folder, a preset, the time limit."""
    predictor = TabularPredictor(
        label="won", eval_metric="log_loss", path=str(folder / "models"), verbosity=0
    )
    predictor.fit(pd.read_parquet(folder / "past.parquet"), presets=preset, time_limit=seconds)
    said = predictor.predict_proba(pd.read_parquet(folder / "later.parquet"))
    np.save(folder / "said.npy", said[1].to_numpy(dtype=float))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
