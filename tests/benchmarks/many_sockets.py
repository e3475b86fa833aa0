"""`python -m tests.benchmarks.many_sockets [SOCKETS]`: many sockets on the process that predicts.

20 of them never read. Prints the 95th percentile of one lead's predictions without and with
them, how long news takes to reach the others, and the server's memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

from tests.live.site import Site, running_site

NEVER_READ = 20
EVENTS = 20
SECONDS = 20.0

# A process of its own: in this one it would wait for the clients of the sockets.
PREDICT = """
import statistics, sys, time
import httpx
origin, key, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
times, body = [], {"leads": [{"id": 1, "interactions": 5}]}
with httpx.Client(base_url=origin, headers={"Authorization": f"Api-Key {key}"}) as client:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        start = time.perf_counter()
        client.post("/api/predict", json=body, timeout=60).raise_for_status()
        times.append(1000 * (time.perf_counter() - start))
print(statistics.quantiles(times, n=20)[-1])
"""

# A lead's news has about this size.
WRITE = f"""
import time
from scoring.events import event_write
for n in range({EVENTS}):
    payload = {{"n": n, "text": "x" * 500, "at": time.time()}}
    event_write(kind="told", payload=payload)
    time.sleep({SECONDS / EVENTS})
"""


def predictions(site: Site, seconds: float) -> float:
    """The 95th percentile of a prediction's milliseconds, one after the other."""
    command = [sys.executable, "-c", PREDICT, site.origin, site.key, str(seconds)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def memory(port: int) -> int:
    """Megabytes of the server's processes on this port."""
    found = subprocess.run(
        ["pgrep", "-f", f"granian.*--port {port}"], capture_output=True, text=True, check=True
    )
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in found.stdout.split()]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") // 2**20


async def open_sockets(site: Site, count: int) -> list[ClientConnection]:
    """Each with a ticket of its own."""
    sockets = []
    for _ in range(count):
        ticket = await asyncio.to_thread(site.ticket)
        sockets.append(await connect(site.url(f"ticket={ticket}")))
    return sockets


async def never_reading(site: Site, count: int) -> list[socket.socket]:
    """Sockets of which nobody ever reads a byte beyond the opening's answer."""
    found = []
    for _ in range(count):
        raw = socket.create_connection(("127.0.0.1", site.port))
        ticket = await asyncio.to_thread(site.ticket)
        raw.sendall(
            f"GET /ws/scores?ticket={ticket} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        found.append(raw)
    return found


async def listen(connection: ClientConnection, delays: list[float]) -> None:
    """Note how long each event took, in milliseconds."""
    async for text in connection:
        told = json.loads(text)
        if told["kind"] == "told" and "at" in told["payload"]:
            delays.append(1000 * (time.time() - told["payload"]["at"]))


async def main(count: int) -> None:
    with running_site() as site:
        await asyncio.to_thread(predictions, site, 3.0)
        alone = await asyncio.to_thread(predictions, site, SECONDS)
        print(f"load: {os.getloadavg()[0]:.1f}; predict p95 alone: {alone:.1f} ms", flush=True)
        begun = memory(site.port)
        silent = await never_reading(site, NEVER_READ)
        sockets = await open_sockets(site, count - NEVER_READ)
        opened = memory(site.port)
        delays: list[float] = []
        tasks = [asyncio.create_task(listen(each, delays)) for each in sockets]
        writer = threading.Thread(target=site.elsewhere.run, args=[WRITE])
        writer.start()
        beside = await asyncio.to_thread(predictions, site, SECONDS)
        await asyncio.to_thread(writer.join)
        await asyncio.sleep(2)
        print(
            f"load: {os.getloadavg()[0]:.1f}; beside {count} sockets: {beside:.1f} ms, "
            f"{beside / alone:.2f} times"
        )
        p95 = statistics.quantiles(delays, n=20)[-1]
        print(f"news p95: {p95:.0f} ms; {len(delays)} of {EVENTS * len(sockets)} told")
        # More than a kernel keeps for a socket: from here on the server keeps the rest, or not.
        for _ in range(3):
            await asyncio.to_thread(site.write_events, 100, size=50_000)
            await asyncio.sleep(3)
        print(
            f"memory: {begun} MB, with the sockets open {opened} MB, "
            f"after 15 MB of news for each {memory(site.port)} MB"
        )
        for task in tasks:
            task.cancel()
        for connection in sockets:
            connection.transport.abort()
        for raw in silent:
            raw.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
