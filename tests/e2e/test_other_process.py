"""What one process decides reaches a server that runs already, within ten seconds."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.benchmarks.installation import Installation, scratch_installation
from tests.benchmarks.servers import our_server

PROMISED_SECONDS = 10.0
TWO_VERSIONS = """
import django
django.setup()
from tests.scoring.versions import make_version
make_version(1, seed=1)
make_version(2, seed=2)
"""


@dataclass(frozen=True)
class Server:
    """A running server and the installation that it serves."""

    installation: Installation
    port: int
    key: str

    def predict(self) -> tuple[int, dict[str, object]]:
        body = json.dumps({"leads": [{"id": 1, "interactions": 9}], "include": ["model"]})
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/predict",
            body.encode(),
            {"Content-Type": "application/json", "X-API-Key": self.key},
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - ours
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, {}

    def version(self) -> object:
        return self.predict()[1].get("modelVersion")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with scratch_installation() as installation:
        installation.run("-c", TWO_VERSIONS)
        installation.manage("promote", "1", "--reason", "the first")
        key = installation.create_key()
        with our_server(installation.environment) as port:
            yield Server(installation, port, key)


def within_the_promise(found: Callable[[], bool]) -> bool:
    end = time.monotonic() + PROMISED_SECONDS
    while time.monotonic() < end:
        if found():
            return True
        time.sleep(0.1)
    return False


def test_a_promotion_and_a_rollback_reach_a_running_server(server: Server) -> None:
    assert server.version() == 1
    server.installation.manage("promote", "2", "--reason", "better")
    assert within_the_promise(lambda: server.version() == 2)
    server.installation.manage("rollback", "--reason", "not better")
    assert within_the_promise(lambda: server.version() == 1)


def test_a_revoked_key_is_refused_by_a_running_server(server: Server) -> None:
    key = server.installation.create_key("lost")
    lost = Server(server.installation, server.port, key)
    assert lost.predict()[0] == 200
    revoke = "from leadscoring.access.models import ApiKey as K"
    revoke += "; print(K.objects.filter(name='lost').update(revoked=True))"
    assert server.installation.manage("shell", "-v0", "-c", revoke).strip() == "1"
    assert within_the_promise(lambda: lost.predict()[0] == 401)
    assert server.predict()[0] == 200
