"""What granian serves by ASGI: `application` is all in one process, `sockets` the sockets alone.

granian --interface asgi leadscoring.asgi:application     `make run`
granian --interface asgi leadscoring.asgi:sockets         beside leadscoring.wsgi in production
"""

from __future__ import annotations

from typing import Any

from leadscoring.wsgi import application as wsgi
from leadscoring.wsgi_in_asgi import Receive, Send, WsgiInAsgi
from scoring.live.consumer import ScoresConsumer
from scoring.live.hub import Hub

# As many requests at once as `--blocking-threads` under WSGI.
HTTP_THREADS = 4

_http = WsgiInAsgi(wsgi, threads=HTTP_THREADS)
_scores = ScoresConsumer.as_asgi(hub=Hub())


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The pages and the API as under WSGI, and the sockets."""
    if scope["type"] == "http":
        await _http(scope, receive, send)
    else:
        await sockets(scope, receive, send)


async def sockets(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """The sockets; a plain request is told that there is nothing else here."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "websocket" and scope["path"] == "/ws/scores":
        await _scores(scope, receive, send)
    elif scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        headers = [(b"content-type", b"text/plain"), (b"content-length", b"10")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": b"Not found\n"})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
