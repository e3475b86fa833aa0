"""`python -m tests.benchmarks.many_sockets [SOCKETS]`: many sockets on the process that predicts.

20 of them never read. Prints the 95th percentile of one lead's predictions without and with
them, how long news takes to reach the others, and the server's memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.live.site import Site, running_site

NEVER_READ = 20
EVENTS = 40
SECONDS = 10.0


def predictions(site: Site, seconds: float) -> float:
    """The 95th percentile of a prediction's milliseconds, one after the other."""
    times = []
    body = {"leads": [{"id": 1, "interactions": 5}]}
    headers = {"Authorization": f"Api-Key {site.key}"}
    with httpx.Client(base_url=site.origin, headers=headers, timeout=60) as client:
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            start = time.perf_counter()
            client.post("/api/predict", json=body).raise_for_status()
            times.append(1000 * (time.perf_counter() - start))
    return statistics.quantiles(times, n=20)[-1]


def memory(port: int) -> int:
    """Megabytes of the server's processes on this port."""
    found = subprocess.run(
        ["pgrep", "-f", f"--port {port}"], capture_output=True, text=True, check=True
    )
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in found.stdout.split()]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") // 2**20


async def listen(connection: ClientConnection, delays: list[float]) -> None:
    """Note how long each event took, in milliseconds."""
    async for text in connection:
        told = json.loads(text)
        if told["kind"] == "told":
            delays.append(1000 * (time.time() - told["payload"]["at"]))


async def main(count: int) -> None:
    with running_site() as site:
        predictions(site, 2.0)
        alone = predictions(site, SECONDS)
        before = memory(site.port)
        sockets = [await connect(site.url(f"ticket={site.ticket()}")) for _ in range(count)]
        delays: list[float] = []
        tasks = [asyncio.create_task(listen(each, delays)) for each in sockets[NEVER_READ:]]
        writer = threading.Thread(target=site.run, args=[WRITE])
        writer.start()
        beside = await asyncio.to_thread(predictions, site, SECONDS)
        await asyncio.to_thread(writer.join)
        await asyncio.sleep(2)
        after = memory(site.port)
        for task in tasks:
            task.cancel()
        expected = EVENTS * (count - NEVER_READ)
        p95 = statistics.quantiles(delays, n=20)[-1]
        print(f"load before: {os.getloadavg()[0]:.1f}")
        print(
            f"predict p95: {alone:.1f} ms alone, {beside:.1f} ms beside {count} sockets, "
            f"{beside / alone:.2f} times"
        )
        print(f"news p95: {p95:.0f} ms; {len(delays)} of {expected} told")
        print(f"memory: {before} MB, then {after} MB")
        await asyncio.gather(*(each.close() for each in sockets))


WRITE = f"""
import time
from scoring.events import event_write
for n in range({EVENTS}):
    event_write(kind="told", payload={{"n": n, "at": time.time()}})
    time.sleep(0.2)
"""

if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
