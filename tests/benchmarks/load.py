"""Load on a server of this machine: keep-alive connections that each send, wait, send again."""

from __future__ import annotations

import itertools
import socket
import statistics
import threading
import time
from collections.abc import Mapping, Sequence
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
    bodies: Sequence[bytes],
    headers: Mapping[str, str],
    *,
    seconds: float,
    clients: int = 1,
) -> Rate:
    """POST `bodies` in turn to 127.0.0.1:`port` from `clients` connections for `seconds`.

    Raises RuntimeError for the first answer that is not 200.
    """
    times: list[float] = []
    errors: list[str] = []
    requests = itertools.cycle([_request(path, body, headers) for body in bodies])
    start = time.perf_counter()
    until = start + seconds

    def client() -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while time.perf_counter() < until and not errors:
                sent = time.perf_counter()
                connection.sendall(next(requests))
                answer = _answer(connection)
                times.append(time.perf_counter() - sent)
                if not answer.startswith(b"HTTP/1.1 200 "):
                    errors.append(repr(answer[:500]))

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise RuntimeError(f"{path} on port {port} answered {errors[0]}")
    took = time.perf_counter() - start
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return Rate(len(times) / took, statistics.median(times), p99)


def ask(port: int, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body of one answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(_request(path, body, headers))
        return _answer(connection).partition(b"\r\n\r\n")[2]


def _request(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Ready to send. A client library would take more of the second core than the databases."""
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _answer(connection: socket.socket) -> bytes:
    """A whole answer, headers included. Both servers send a Content-Length."""
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += _more(connection)
    head = answer[:end].lower()
    length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
    while len(answer) < end + 4 + length:
        answer += _more(connection)
    return answer


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(1 << 20)
    if not part:
        raise RuntimeError("the server closed a connection that should be kept")
    return part
