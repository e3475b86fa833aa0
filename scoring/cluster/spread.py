"""What is sent to the cluster: calls with small arguments, and the fits of a training."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import joblib

from scoring.cluster.connection import connected, is_set

Result = TypeVar("Result")


def results_of(
    function: Callable[..., Result], calls: Sequence[tuple[Any, ...]]
) -> Iterator[Result]:
    """Each call's result as it comes in; each call is made on some worker.

    A lost worker's calls are made again on another: `function`, which is sent by its name, has to
    leave the same behind however often it runs. Raises ClusterUnavailable and what it raises.
    """
    from distributed import as_completed  # noqa: PLC0415 - an extra

    with connected() as client:
        waiting = client.map(function, *zip(*calls, strict=True), pure=False)
        arriving = as_completed(waiting, loop=client.loop, with_results=True)
        # Only `arriving` holds them now: what has come in is forgotten, not made again.
        del waiting
        for _, result in arriving:
            yield result


@contextmanager
def fits_spread() -> Iterator[None]:
    """Within: joblib's `Parallel` sends its calls to the cluster, where one is set."""
    if not is_set():
        yield
        return
    with connected() as client, joblib.parallel_config(backend="dask", client=client):
        yield
