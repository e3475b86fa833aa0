"""The WSGI application, whole, under an ASGI server: for one process that serves sockets too.

DRF under Django's own ASGI handler answers a fraction of the requests that it does under WSGI.
asgiref's adapter has one thread for all requests and reads each body to its end first, however
long; this one has as many threads as it is given, hands small bodies over at once and lets the
application read large ones as they come, or refuse them.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO, RawIOBase
from typing import Any
from urllib.parse import unquote_to_bytes

Environ = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[str, str]]

# A thread waits for the rest of a longer body, so that no client fills the memory.
READ_AHEAD = 1024 * 1024
_OWN_NAMES = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


class ClientGone(OSError):
    """The client broke off before its request was read or its answer sent."""


class WsgiInAsgi:
    """An ASGI application (for `http` scopes) made of a WSGI one."""

    def __init__(self, application: Callable[..., Iterable[bytes]], *, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="http")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            body = await _body(scope, receive, loop)
            exchange = _Exchange(self._application, send, loop)
            rest = await loop.run_in_executor(self._threads, exchange.run, _environ(scope, body))
            for message in rest:
                await send(message)
        except ClientGone:
            return


class _Exchange:
    """One request and its answer, in a thread."""

    def __init__(
        self,
        application: Callable[..., Iterable[bytes]],
        send: Send,
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._application = application
        self._send = send
        self._loop = loop
        self._start: dict[str, Any] | None = None

    def run(self, environ: Environ) -> list[dict[str, Any]]:
        """Let the application answer; what is left to send.

        An answer in one piece is left whole, so that the loop is not woken for its parts.
        """
        answer = self._application(environ, self._start_response)
        try:
            parts = iter(answer)
            part = next(parts, b"")
            for following in parts:
                self._write(part)
                part = following
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        return [self._start, _part(part)] if self._start else [_part(part)]

    def _start_response(
        self, status: str, headers: Headers, _problem: Any = None
    ) -> Callable[[bytes], object]:
        self._start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [
                (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
            ],
        }
        return self._write

    def _write(self, data: bytes) -> None:
        """A part that others follow; the application may call this itself (PEP 3333)."""
        if self._start:
            self._tell(self._start)
            self._start = None
        self._tell(_part(data, more=True))

    def _tell(self, message: dict[str, Any]) -> None:
        """Send, and wait until it is sent: a slow client slows its own answer only."""
        asyncio.run_coroutine_threadsafe(_sent(self._send, message), self._loop).result()


async def _sent(send: Send, message: dict[str, Any]) -> None:
    await send(message)


def _part(data: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


async def _body(
    scope: dict[str, Any], receive: Receive, loop: asyncio.AbstractEventLoop
) -> BytesIO | Body:
    """A short body whole; else one that is read as the application asks for it."""
    length = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if not length.isdigit() or int(length) > READ_AHEAD:
        return Body(receive, loop)
    if int(length) == 0:
        return BytesIO()
    data, more = b"", True
    while more:
        part, more = await _next_part(receive)
        data += part
    return BytesIO(data)


async def _next_part(receive: Receive) -> tuple[bytes, bool]:
    """The next bytes of the body, and whether there are more. Raises ClientGone."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientGone("The client has gone.")
    return message.get("body", b""), message.get("more_body", False)


class Body(RawIOBase):
    """`wsgi.input` for a long body: each read waits for the client in the request's thread."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self._receive = receive
        self._loop = loop
        self._data = b""
        self._more = True

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """`size` bytes, fewer only at the end; all for a negative one. Raises ClientGone."""
        parts, wanted = [], sys.maxsize if size is None or size < 0 else size
        while wanted and (self._data or self._more):
            if not self._data:
                ask = _next_part(self._receive)
                self._data, self._more = asyncio.run_coroutine_threadsafe(ask, self._loop).result()
            part, self._data = self._data[:wanted], self._data[wanted:]
            parts.append(part)
            wanted -= len(part)
        return b"".join(parts)

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _environ(scope: dict[str, Any], body: BytesIO | Body) -> Environ:
    """PEP 3333's dictionary."""
    server, client = scope.get("server") or ("localhost", 80), scope.get("client")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        # `a_b` would be taken for `a-b`, which a proxy may vouch for.
        if b"_" in name:
            continue
        key = _OWN_NAMES.get(name) or "HTTP_" + name.decode("latin-1").upper().replace("-", "_")
        text = value.decode("latin-1")
        separator = "; " if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{separator}{text}" if key in environ else text
    return environ
