"""TLS that granian ends itself, with a real certificate, as docs/operations.md describes it."""

from __future__ import annotations

import http.client
import os
import secrets
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from leadscoring.serve import ROOT
from tests.ports import free_port

GRANIAN = Path(sys.executable).parent / "granian"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """A self-signed certificate for localhost, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost"
    for_localhost = ["-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*made.split(), *for_localhost, *files], check=True, capture_output=True)
    return certificate, key


@pytest.fixture(scope="module")
def port(certificate, tmp_path_factory) -> Iterator[int]:
    """A server on localhost that speaks TLS only."""
    folder = tmp_path_factory.mktemp("server")
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "leadscoring.settings",
        "ENV_FILE": os.devnull,
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "true",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MODEL_DIR": str(folder),
        "REDIS_URL": "",
        "GRANIAN_SSL_CERTIFICATE": str(certificate[0]),
        "GRANIAN_SSL_KEYFILE": str(certificate[1]),
    }
    command = [str(GRANIAN), "--interface", "wsgi", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(
        [*command, "leadscoring.wsgi:application"], cwd=ROOT, env=environment
    ) as process:
        end = time.monotonic() + 120
        while not _listens(port):
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < end, "the server does not listen"
            time.sleep(0.1)
        yield port
        process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def ask(port: int, certificate: Path | None, method: str, path: str) -> Any:
    context = ssl.create_default_context(cafile=certificate and str(certificate))
    connection = http.client.HTTPSConnection("localhost", port, timeout=60, context=context)
    connection.request(method, path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_it_answers_over_tls_and_says_to_stay_there(port: int, certificate) -> None:
    answer = ask(port, certificate[0], "GET", "/api/health")
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


def test_the_application_knows_that_the_request_came_by_tls(port: int, certificate) -> None:
    """Else it would refuse it as plain HTTP, with 403."""
    assert ask(port, certificate[0], "POST", "/api/predict").status == 401


def test_a_client_that_does_not_know_the_certificate_refuses(port: int) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        ask(port, None, "GET", "/api/health")


def test_plain_http_gets_no_answer(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            said = connection.recv(1000)
        except ConnectionResetError:
            said = b""
    assert b"HTTP" not in said
