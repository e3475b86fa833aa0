"""An installation as `make run` serves it, for real sockets: pages and sockets, and a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from tests.benchmarks.installation import Installation, scratch_installation
from tests.benchmarks.scratch_database import scratch_database
from tests.benchmarks.servers import ROOT, wait_for
from tests.live.elsewhere import Elsewhere, elsewhere
from tests.ports import free_port

PASSWORD = "of-the-tests-0123"
# May call the API, by a key; that opens no socket to its pages' visitors.
CORS_ORIGIN = "http://localhost:3999"
# Longer than any of this takes, however busy the machine is.
SOON = 30.0

FIRST_STATE = f"""
from django.contrib.auth.models import User
from scoring.services.promote import version_promote
from tests.scoring.versions import make_version
for number in (101, 102):
    make_version(number, seed=number, metrics={{"baseRate": 0.5}})
version_promote(number=101, reason="first")
User.objects.create_superuser("root", password="{PASSWORD}")
for name in ("ada", "bob"):
    User.objects.create_superuser(name, password="{PASSWORD}")
User.objects.create_user("eve", password="{PASSWORD}", is_staff=True)
"""


@dataclass
class Site:
    """A running installation, and a process beside its server and worker."""

    elsewhere: Elsewhere
    port: int
    key: str

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def api(self, method: str, path: str, value: Any = None, key: str = "") -> httpx.Response:
        """What the API answers to this key (one with all scopes if none is given)."""
        headers = {"Authorization": f"Api-Key {key or self.key}"}
        return httpx.request(method, self.origin + path, json=value, headers=headers, timeout=SOON)

    def ticket(self, key: str = "") -> str:
        return str(self.api("POST", "/api/ws-ticket", key=key).json()["ticket"])

    def write_events(self, count: int, *, owner: str = "", size: int = 1) -> None:
        """Events `told` of which payload.n counts up from 0, in one transaction elsewhere."""
        self.elsewhere.run(
            "from django.db import transaction\n"
            "from scoring.events import event_write\n"
            "with transaction.atomic():\n"
            f"    for n in range({count}):\n"
            f"        payload = {{'n': n, 'text': 'x' * {size}}}\n"
            f"        event_write(kind='told', payload=payload, owner={owner!r})\n"
        )

    def create_key(self, name: str, scopes: str = "predict,leads,outcomes,models") -> str:
        """A new API key, whose requests are counted against a limit that nobody reaches."""
        rate = ("--rate", "999999999/m")
        text = self.elsewhere.manage("create_api_key", name, "--scopes", scopes, *rate)
        return next(word for word in text.split() if "." in word and len(word) > 30)

    @contextmanager
    def log_in(self, name: str) -> Iterator[httpx.Client]:
        """A browser's session."""
        with httpx.Client(base_url=self.origin, timeout=SOON, follow_redirects=True) as client:
            self._log_in(client, name)
            yield client

    def _log_in(self, client: httpx.Client, name: str) -> None:
        client.get("/admin/login/")
        form = {"username": name, "password": PASSWORD, "next": "/admin/"}
        sent = {**form, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
        answer = client.post("/admin/login/", data=sent, headers={"Referer": self.origin})
        assert "sessionid" in client.cookies, answer.text

    def watch(self, query: str = "", **options: Any) -> Watch:
        """A socket with a ticket."""
        ticket = self.ticket()
        return Watch(connect(self.url(f"ticket={ticket}&{query}"), **options))

    def watch_as(self, browser: httpx.Client, origin: str = "") -> Watch:
        """A socket as a page of `origin` (ours if none is given) opens it."""
        return self.watch_with(browser.cookies["sessionid"], origin or self.origin)

    def watch_with(self, session: str, origin: str | None) -> Watch:
        """A socket with this cookie and header."""
        cookie = {"Cookie": f"sessionid={session}"}
        given = None if origin is None else Origin(origin)
        return Watch(connect(self.url(), additional_headers=cookie, origin=given))

    def url(self, query: str = "") -> str:
        return f"ws://127.0.0.1:{self.port}/ws/scores?{query}"


class Watch:
    """A socket's messages."""

    connection: ClientConnection

    def __init__(self, connecting: AbstractContextManager[ClientConnection]) -> None:
        self._connecting = connecting

    def __enter__(self) -> Watch:
        self.connection = self._connecting.__enter__()
        return self

    def __exit__(self, *_problem: object) -> None:
        self.connection.close()

    def next(self, *kinds: str) -> dict[str, Any]:
        """The next message, of one of these kinds if any are named."""
        while True:
            message: dict[str, Any] = json.loads(self.connection.recv(timeout=SOON))
            if not kinds or message["kind"] in kinds:
                return message

    def end(self) -> tuple[int, list[dict[str, Any]]]:
        """With which code the server closes it, and what it told before."""
        told = []
        with suppress(ConnectionClosed):
            while True:
                told.append(self.next())
        code = self.connection.close_code
        assert code is not None
        return code, told


@contextmanager
def running_site() -> Iterator[Site]:
    """On PostgreSQL if the tests run there, else on SQLite."""
    with ExitStack() as stack:
        postgres = os.environ.get("TEST_DATABASE_URL", "").startswith("postgres")
        url = stack.enter_context(scratch_database()) if postgres else ""
        installation = stack.enter_context(scratch_installation(url))
        installation.environment["DJANGO_SETTINGS_MODULE"] = "tests.live.settings"
        installation.environment["CORS_ORIGINS"] = CORS_ORIGIN
        beside = stack.enter_context(elsewhere(installation))
        beside.run(FIRST_STATE)
        port = free_port()
        granian = [str(Path(sys.executable).parent / "granian"), "--interface", "asgi"]
        options = ["--port", str(port), "--workers", "1", "leadscoring.asgi:application"]
        server = stack.enter_context(_process([*granian, *options], installation))
        stack.enter_context(_process([sys.executable, "manage.py", "worker"], installation))
        wait_for(port, server)
        site = Site(beside, port, key="")
        site.key = site.create_key("of the tests")
        yield site


@contextmanager
def _process(command: list[str], installation: Installation) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, **installation.environment, "OMP_NUM_THREADS": "1"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet
    ) as process:
        try:
            yield process
        finally:
            process.terminate()
