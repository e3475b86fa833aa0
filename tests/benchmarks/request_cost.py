"""`python -m tests.benchmarks.request_cost`: what a predict request costs, by who spends it.

Asks for one known lead and for a thousand, without a network, and prints milliseconds a request:
of processors, the program's and that of its PostgreSQL process, which has to run on this machine;
and on the clock, as a whole and for some of its parts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks.predict import PATH, bodies_of, installed

MODELS = ("random-forest", "gradient-boosting")
# Leads a request, and how many requests are measured.
REQUESTS = {1: 1_000, 1_000: 100}


def main() -> None:
    """Print a row for each model and number of leads."""
    for model in MODELS:
        with installed(model, postgres=True) as installation:
            key = installation.create_key()
            for leads in REQUESTS:
                text = installation.run("-m", "tests.benchmarks.request_cost", key, str(leads))
                took: dict[str, float] = json.loads(text.splitlines()[-1])
                parts = ", ".join(f"{part} {each:.2f}" for part, each in took.items())
                print(f"{model}, {leads:,} leads: ms a request: {parts}", flush=True)


def cost(key: str, leads: int) -> dict[str, float]:
    """Milliseconds a request, in the installation that the environment leads to."""
    from django.db import connection  # noqa: PLC0415 - after the application
    from django.test import RequestFactory  # noqa: PLC0415

    from leadscoring.wsgi import application  # noqa: PLC0415

    bodies, requests = bodies_of(leads), REQUESTS[leads]

    def ask(number: int) -> None:
        request = RequestFactory().post(
            PATH,
            bodies[number % len(bodies)],
            content_type="application/json",
            headers={"Authorization": f"Api-Key {key}", "Host": "127.0.0.1"},
        )
        application(request.environ, begin).close()

    def begin(status: str, *_: object) -> Callable[[bytes], object]:
        if not status.startswith("200 "):
            raise RuntimeError(f"{PATH} answered {status}")
        return bytes

    for number in range(max(len(bodies), 20)):
        ask(number)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]

    def spent() -> tuple[float, float]:
        fields = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return time.process_time(), ticks / os.sysconf("SC_CLK_TCK")

    parts = timed_parts()
    start, clock = spent(), time.perf_counter()
    for number in range(requests):
        ask(number)
    seconds = time.perf_counter() - clock
    ours, database = (b - a for a, b in zip(start, spent(), strict=True))
    took = {"here": ours, "in PostgreSQL": database, "on the clock": seconds, **parts}
    return {part: 1e3 * each / requests for part, each in took.items()}


def timed_parts() -> dict[str, float]:
    """Seconds that some parts take from now on."""
    from leadscoring.postgresql.base import DatabaseWrapper, Sent  # noqa: PLC0415 - as above
    from scoring.ml.encoding.features import LeadEncoder  # noqa: PLC0415 - as above
    from scoring.ml.serving.engines import TreeEngine  # noqa: PLC0415 - as above

    waiting = "waiting for PostgreSQL"
    took = dict.fromkeys(("encoding", "trees", waiting), 0.0)

    def time_it(part: str, owner: type, name: str) -> None:
        call = getattr(owner, name)

        def timed(*given: object) -> object:
            start = time.perf_counter()
            try:
                return call(*given)
            finally:
                took[part] += time.perf_counter() - start

        setattr(owner, name, timed)

    time_it("encoding", LeadEncoder, "encode")
    time_it("trees", TreeEngine, "probabilities")
    for owner, name in ((DatabaseWrapper, "execute_prepared"), (Sent, "wait")):
        time_it(waiting, owner, name)
    time_it(waiting, DatabaseWrapper, "_commit")
    return took


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(cost(sys.argv[1], int(sys.argv[2]))))
    else:
        main()
