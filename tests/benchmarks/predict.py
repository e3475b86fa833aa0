"""Predict requests against the honest peer, the same fitted estimator on both sides.

Ours checks the key, counts the rate, validates and stores each prediction durably; the peer does
none of it. Each lead is known: the warm-up has mentioned it.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

import msgspec

from tests.benchmarks.installation import Installation, scratch_installation
from tests.benchmarks.leads import make_leads
from tests.benchmarks.load import Rate, ask, measure
from tests.benchmarks.row import Row, rate_row
from tests.benchmarks.same_model import fit_pipeline
from tests.benchmarks.scratch_database import scratch_database
from tests.benchmarks.servers import our_server, peer_server, production_server

ROUNDS = 3
SECONDS = 3.0
KNOWN_LEADS = 100
PATH = "/api/predict"
EMPTY_VIEW = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.empty_view_settings"}


@dataclass(frozen=True)
class Side:
    """A server under load: where it listens, and what it is sent in turn."""

    port: int
    bodies: Sequence[bytes]
    headers: Mapping[str, str]


@contextmanager
def installed(model_type: str, *, postgres: bool) -> Iterator[Installation]:
    """An installation whose champion is the peer's own estimator."""
    with ExitStack() as stack:
        url = stack.enter_context(scratch_database()) if postgres else ""
        installation = stack.enter_context(scratch_installation(url))
        pipeline = str(fit_pipeline(model_type, installation.folder))
        installation.run("-m", "tests.benchmarks.same_model", pipeline, model_type)
        yield installation


def bodies_of(leads: int) -> list[bytes]:
    """Requests of so many leads each, about 100 leads in all."""
    made = make_leads(max(KNOWN_LEADS, leads))
    parts = [made[start : start + leads] for start in range(0, len(made), leads)]
    return [json.dumps({"leads": part}).encode() for part in parts]


def predict_vs_peer(
    name: str,
    *,
    leads: int,
    model_type: str,
    clients: Sequence[int] = (1,),
    postgres: bool = True,
    target: float | None = None,
) -> Row:
    """The worst of the ratios at each number of connections, which are printed."""
    bodies = bodies_of(leads)
    with installed(model_type, postgres=postgres) as installation:
        key = {"Authorization": f"Api-Key {installation.create_key()}"}
        serve = production_server if postgres else our_server
        pipeline = installation.folder / f"{model_type}.joblib"
        with serve(installation.environment) as ours, peer_server(pipeline) as peer:
            sides = {"ours": Side(ours, bodies, key), "other": Side(peer, bodies, {})}
            refuse_other_probabilities(sides)
            return compare(name, sides, clients, target)


def predict_vs_empty_view(name: str, *, clients: Sequence[int], target: float) -> Row:
    """Against an empty DRF view with the same key check, in the same server."""
    bodies = bodies_of(1)
    with installed("random-forest", postgres=True) as installation:
        key = {"Authorization": f"Api-Key {installation.create_key()}"}
        environment = installation.environment
        with (
            production_server(environment) as ours,
            production_server({**environment, **EMPTY_VIEW}) as empty,
        ):
            sides = {"ours": Side(ours, bodies, key), "other": Side(empty, bodies, key)}
            return compare(name, sides, clients, target)


def refuse_other_probabilities(sides: Mapping[str, Side]) -> None:
    """The same trees must have answered: to 1e-6, which is as far as ours keeps off 0 and 1."""
    said = []
    for side in sides.values():
        answer = msgspec.json.decode(ask(side.port, PATH, side.bodies[0], side.headers))
        said.append([each["conversionProbability"] for each in answer["predictions"]])
    if any(abs(ours - other) > 1e-6 for ours, other in zip(*said, strict=True)):
        raise RuntimeError(f"the two sides have different models: {said}")


def compare(
    name: str, sides: Mapping[str, Side], clients: Sequence[int], target: float | None
) -> Row:
    """Both warm and in turn, medians of the rounds; the worst row of all numbers of clients."""
    rows = [_compare(name, sides, each, target) for each in clients]
    return min(rows, key=lambda row: row.ratio)


def _compare(name: str, sides: Mapping[str, Side], clients: int, target: float | None) -> Row:
    rates: dict[str, list[Rate]] = {side: [] for side in sides}
    for round_number in range(ROUNDS + 1):
        for which, side in sides.items():
            seconds = SECONDS if round_number else 1.0
            rate = measure(
                side.port, PATH, side.bodies, side.headers, seconds=seconds, clients=clients
            )
            if round_number:
                rates[which].append(rate)
    medians = {
        which: statistics.median(rate.per_second for rate in measured)
        for which, measured in rates.items()
    }
    for which, measured in rates.items():
        p50, p99 = (
            1000 * statistics.median(getattr(rate, each) for rate in measured)
            for each in ("p50", "p99")
        )
        print(
            f"  {name}, {clients} connections, {which}: {medians[which]:.1f} requests/s, "
            f"p50 {p50:.2f} ms, p99 {p99:.2f} ms",
            flush=True,
        )
    return rate_row(name, medians["ours"], medians["other"], "requests/s", target)


ONE = partial(predict_vs_peer, leads=1)
BENCHMARKS = {
    "predict-1-vs-peer": partial(ONE, model_type="random-forest", clients=(1, 16), target=15),
    "predict-1-boosting-vs-peer": partial(ONE, model_type="gradient-boosting", target=3),
    "predict-1-vs-empty-view": partial(predict_vs_empty_view, clients=(1, 16), target=0.5),
    "sqlite-predict-1-vs-peer": partial(ONE, model_type="random-forest", postgres=False, target=5),
    "predict-100-vs-peer": partial(predict_vs_peer, leads=100, model_type="random-forest"),
    "predict-1000-forest-vs-peer": partial(
        predict_vs_peer, leads=1000, model_type="random-forest", target=1.5
    ),
    "predict-1000-vs-peer": partial(
        predict_vs_peer, leads=1000, model_type="gradient-boosting", target=2
    ),
}
