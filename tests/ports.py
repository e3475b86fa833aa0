"""Ports for the servers that tests start."""

from __future__ import annotations

import secrets
import socket

# Below those that Linux gives to connections: one of these could get the port before the server
# listens, which takes it seconds.
FIRST, COUNT = 20_000, 12_000


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    while True:
        port = FIRST + secrets.randbelow(COUNT)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
