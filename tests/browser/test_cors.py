"""A page of another origin calls the API in a real browser, as docs/clients.md tells."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.http import new_key
from tests.scoring.versions import make_version

# What the page learns of a call: the answer, or that the browser kept it away.
CALL = """async ([url, key, body]) => {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Authorization: `Api-Key ${key}`, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const id = answer.headers.get("X-Request-ID");
    return { status: answer.status, id, body: await answer.json() };
  } catch (error) {
    return { refused: error.name };
  }
}"""
LEADS = {"leads": [{"id": 1, "budget": 25_000, "interactions": 8}]}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_said: Any) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The origin of somebody else's page."""
    (tmp_path / "index.html").write_text("<title>Elsewhere</title>")
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def call(page: Page, live_server: LiveServer, key: str) -> Any:
    return page.evaluate(CALL, [f"{live_server.url}/api/predict", key, LEADS])


def test_a_configured_origin_is_answered(
    page: Page, live_server: LiveServer, elsewhere: str, settings
) -> None:
    settings.CORS_ALLOWED_ORIGINS = [elsewhere]
    make_version(is_champion=True)
    page.goto(elsewhere)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        answer = call(page, live_server, new_key("predict")[1])
    assert sent.value.all_headers()["origin"] == elsewhere
    assert (answer["status"], answer["body"]["predictions"][0]["id"]) == (200, 1)
    assert answer["id"]
    refusal = call(page, live_server, "wrong")
    assert (refusal["status"], refusal["body"]["error"]["code"]) == (401, "not_authenticated")


def test_another_origin_is_refused_and_leaves_no_trace(
    page: Page, live_server: LiveServer, elsewhere: str, settings
) -> None:
    """The browser asks first, so that the call itself is never made."""
    settings.CORS_ALLOWED_ORIGINS = ["https://crm.example"]
    asked: list[str] = []
    page.on("requestfinished", lambda request: asked.append(request.url))
    page.goto(elsewhere)
    key, text = new_key("predict")
    assert call(page, live_server, text) == {"refused": "TypeError"}
    assert not [url for url in asked if url.endswith("/api/predict")]
    key.refresh_from_db()
    assert key.last_used_at is None
