"""Load on a server of this machine: keep-alive connections that each send, wait, send again."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rate:
    """What a server answered: requests/s, and seconds for the median and the slowest 1 %."""

    per_second: float
    p50: float
    p99: float


def measure(
    port: int,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    seconds: float,
    clients: int = 1,
) -> Rate:
    """POST `body` to 127.0.0.1:`port` from `clients` connections for `seconds`. All must be 200."""
    times: list[float] = []
    errors: list[str] = []
    until = time.perf_counter() + seconds

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sent = {"Content-Type": "application/json", **headers}
        while time.perf_counter() < until and not errors:
            start = time.perf_counter()
            connection.request("POST", path, body, sent)
            answer = connection.getresponse()
            text = answer.read()
            times.append(time.perf_counter() - start)
            if answer.status != 200:
                errors.append(f"{answer.status} {text[:300]!r}")
        connection.close()

    start = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError(f"{path} on port {port} answered {errors[0]}")
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return Rate(len(times) / (time.perf_counter() - start), statistics.median(times), p99)
