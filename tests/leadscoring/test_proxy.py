"""nginx with the configuration of docs/operations.md in front of a real server."""

from __future__ import annotations

import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from leadscoring.serve import ROOT
from tests.benchmarks.installation import scratch_installation
from tests.benchmarks.servers import wait_for
from tests.leadscoring.test_tls import certificate as certificate
from tests.ports import free_port

pytestmark = pytest.mark.skipif(
    shutil.which("nginx") is None, reason="nginx is not installed: apt-get install nginx-light"
)


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=quiet, stderr=quiet
    ) as process:
        wait_for(port, process)
        yield
        process.terminate()


def documented(folder: Path, port: int, behind: int, certificate: tuple[Path, Path]) -> Path:
    """The configuration as it stands in the docs, but for ports and files."""
    docs = (ROOT / "docs" / "operations.md").read_text()
    server = docs.split("```nginx\n")[1].split("```")[0]
    for written, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "server_name leads.example.com": "server_name localhost",
        "/etc/ssl/leads.pem": str(certificate[0]),
        "/etc/ssl/leads.key": str(certificate[1]),
        "127.0.0.1:8000": f"127.0.0.1:{behind}",
        "127.0.0.1:8001": f"127.0.0.1:{behind}",
    }.items():
        assert written in server
        server = server.replace(written, here)
    own = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
        f"http {{ access_log off;\n{own}{server}}}\n"
    )
    return file


@pytest.fixture(scope="module")
def port(certificate, tmp_path_factory) -> Iterator[int]:
    """The proxy's."""
    folder = tmp_path_factory.mktemp("proxied")
    port, behind = free_port(), free_port()
    granian = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
    granian += ["--port", str(behind), "--workers", "1", "leadscoring.asgi:application"]
    configuration = documented(folder, port, behind, certificate)
    with scratch_installation() as installation:
        settings = {"ALLOWED_HOSTS": "localhost", "HTTPS": "true", "BEHIND_TLS_PROXY": "true"}
        with (
            running(granian, behind, **installation.environment | settings),
            running(["nginx", "-c", str(configuration), "-e", str(folder / "log")], port),
        ):
            yield port


@pytest.mark.parametrize("says", [{}, {"X-Forwarded-Proto": "http"}])
def test_requests_come_by_tls_whatever_a_client_says(port: int, certificate, says) -> None:
    """Else the answer would be 403, to use HTTPS."""
    context = ssl.create_default_context(cafile=str(certificate[0]))
    with httpx.Client(verify=context, base_url=f"https://localhost:{port}", timeout=60) as client:
        assert client.post("/api/predict", headers=says).status_code == 401
        assert client.get("/api/health", headers=says).status_code == 200


def test_sockets_get_through_and_know_their_own_origin(port: int, certificate) -> None:
    """A page of the proxy's name and port is only told to log in; another one is refused."""
    context = ssl.create_default_context(cafile=str(certificate[0]))
    reasons = {}
    for origin in (f"https://localhost:{port}", "https://evil.example"):
        with (
            socket.create_connection(("127.0.0.1", port)) as raw,
            connect(
                f"wss://localhost:{port}/ws/scores",
                sock=raw,
                ssl=context,
                origin=Origin(origin),
            ) as connection,
        ):
            reasons[origin] = json.loads(connection.recv(timeout=60))["payload"]["reason"]
    ours, theirs = reasons.values()
    assert ours == "You are not logged in."
    assert "from a page of this server" in theirs
