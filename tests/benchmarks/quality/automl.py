"""AutoGluon, in an environment of its own (`make .venv-autogluon/.installed`)."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tests.benchmarks.quality.parts import Part
from tests.benchmarks.servers import ROOT

PYTHON = Path(os.environ.get("AUTOGLUON_PYTHON", ROOT / ".venv-autogluon" / "bin" / "python"))
# The most it may take for one fit.
SECONDS = os.environ.get("AUTOGLUON_SECONDS", "240")


class NotInstalled(Exception):
    """There is no such environment."""


def preset(name: str) -> Callable[[Part], np.ndarray]:
    """A contender with this preset."""

    def predict(part: Part) -> np.ndarray:
        if not PYTHON.exists():
            raise NotInstalled
        past, later = part.tables()
        with tempfile.TemporaryDirectory() as folder:
            past.assign(won=part.past.label).to_parquet(Path(folder) / "past.parquet")
            later.to_parquet(Path(folder) / "later.parquet")
            script = Path(__file__).with_name("automl_fit.py")
            subprocess.run([PYTHON, script, folder, name, SECONDS], check=True, cwd=folder)
            return np.asarray(np.load(Path(folder) / "said.npy"))

    return predict
