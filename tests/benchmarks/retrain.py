"""A whole retrain against the bare fits that it makes, on ready float32 matrices.

`RETRAIN_ROWS` sets how many leads with an outcome there are (100,000 unless set). Run as
`python -m tests.benchmarks.retrain` it trains the installation that the environment leads to,
makes the same fits again, as parallel as they were, and prints what both took, as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import django
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from scoring.ml.model_types import BLEND
from scoring.ml.training import backtest, encoded, families, workshop
from scoring.ml.training.train import WORTH_THREADS
from tests.benchmarks.decided_leads import store_decided
from tests.benchmarks.installation import scratch_installation
from tests.benchmarks.row import Row, rate_row
from tests.benchmarks.scratch_database import scratch_database

ROWS = int(os.environ.get("RETRAIN_ROWS", "100000"))
# More than any search takes: nothing is left out for lack of time.
UNLIMITED = 1e6


@dataclass(frozen=True)
class Fit:
    """A call of `fit_estimator`; those of one `group` may be made at the same time."""

    call: Callable[[], Any]
    group: object
    rows: int


def record() -> list[Fit]:
    """From now on every fit of a training is noted in this list."""
    fits: list[Fit] = []
    fit = families.fit_estimator

    def noted(model_type: str, settings: Any, *data: Any, **more: Any) -> Any:
        # A blend is fitted member by member.
        if model_type != BLEND:
            alone = threading.current_thread() is threading.main_thread()
            group = len(fits) if alone else (model_type, str(settings))
            call = partial(fit, model_type, settings, *data, **more)
            fits.append(Fit(call, group, rows=len(data[1])))
        return fit(model_type, settings, *data, **more)

    for module in (backtest, encoded, families, workshop):
        module.fit_estimator = noted  # type: ignore[attr-defined]
    return fits


def again(fits: list[Fit]) -> None:
    """The same fits, and nothing else."""
    for _, group in groupby(fits, key=lambda each: each.group):
        Parallel(n_jobs=-1, prefer="threads")(delayed(each.call)() for each in group)


def _took(work: Callable[[], object]) -> dict[str, float]:
    """Seconds on the clock, and of processors."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}


class Stages:
    """What each stage of a training took, as `_took` gives it, in their order.

    The last, "Done", is what comes after the training: outlooks, and storing the models.
    """

    def __init__(self) -> None:
        self.took: dict[str, dict[str, float]] = {}
        self._now: tuple[str, float, float] | None = None

    def tell(self, stage: str, share: float) -> None:
        """The `progress` of a retrain."""
        print(f"{time.process_time():8.1f} s of processors, {share:4.0%}: {stage}", file=sys.stderr)
        self.end()
        self._now = stage, time.perf_counter(), time.process_time()

    def end(self) -> None:
        """The stage that was told last is over."""
        if self._now is None:
            return
        stage, clock, processor = self._now
        took = self.took.setdefault(stage, {"clock": 0.0, "processor": 0.0})
        took["clock"] += time.perf_counter() - clock
        took["processor"] += time.process_time() - processor


def retrain_vs_fits(name: str) -> Row:
    """All four types with backtest, calibration and gate, against the fits alone; both cores."""
    with scratch_database() as url, scratch_installation(url) as installation:
        store_decided(url, ROWS)
        said = json.loads(installation.run("-m", "tests.benchmarks.retrain"))
    whole, bare = said["whole"], said["bare"]
    print(
        f"  {name}: {ROWS:,} leads, {said['fits']} fits in {bare['clock']:.0f} s "
        f"({bare['processor']:.0f} s of processors), the whole in {whole['clock']:.0f} s "
        f"({whole['processor']:.0f} s), at most {said['megabytes']:.0f} MB",
        flush=True,
    )
    for stage, took in said["stages"].items():
        print(f"    {took['clock']:7.1f} s ({took['processor']:7.1f} s): {stage}", flush=True)
    return rate_row(name, ROWS / whole["clock"], ROWS / bare["clock"], "rows/s", 0.5)


def main() -> None:
    """Train, fit again, and say what each took."""
    os.sched_setaffinity(0, range(os.cpu_count() or 1))
    django.setup()
    from scoring.services.retrain import model_retrain  # noqa: PLC0415 - after django.setup()

    fits, stages = record(), Stages()
    whole = _took(lambda: model_retrain(budget=UNLIMITED, progress=stages.tell))
    stages.end()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    few = max(each.rows for each in fits) < WORTH_THREADS
    with threadpool_limits(limits=1 if few else None):
        bare = _took(lambda: again(fits))
    said = {"whole": whole, "bare": bare, "fits": len(fits), "megabytes": memory}
    print(json.dumps({**said, "stages": stages.took}))


BENCHMARKS = {"retrain-vs-fits": retrain_vs_fits}

if __name__ == "__main__":
    main()
