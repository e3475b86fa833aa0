"""WS /ws/scores: docs/live.md says what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer

from leadscoring.api.wire import MAX_INTEGER
from scoring.events import events_after
from scoring.live.admission import NOT_AUTHENTICATED, Refused, admit, handshake
from scoring.live.hub import Hub, Watcher
from scoring.live.mailbox import WAITING_AT_MOST, Mailbox
from scoring.live.messages import message_of, write
from scoring.live.threads import in_thread

Receive = Callable[[], Awaitable[dict[str, Any]]]

WRONG_CURSOR = 4400
TOO_MANY = 4429
SOCKETS_AT_MOST = 5_000
# Proxies close what is silent for a minute.
PING_EVERY = 25.0
CLOSE_WITHIN = 5.0


class ScoresConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # it has no types
    """One socket. What a client sends is passed over; the server answers the protocol's pings."""

    def __init__(self, *, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._watcher: Watcher | None = None
        self._telling: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        """As Channels does, but the end of a right to watch is heard like a client's message.

        granian closes no socket that somebody still waits to receive from.
        """

        async def receive_or_end() -> dict[str, Any]:
            if self._watcher is None:
                return await receive()
            asked = asyncio.ensure_future(receive())
            ended = asyncio.ensure_future(self._watcher.ended.wait())
            try:
                await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
                return asked.result() if asked.done() else {"type": "watching.ended"}
            finally:
                ended.cancel()
                asked.cancel()

        await super().__call__(scope, receive_or_end, send)

    async def connect(self) -> None:
        # Accepted before anything else, so that a browser learns why it is closed.
        await self.accept()
        try:
            await self._begin()
        except Refused as refused:
            await self._end(refused)

    async def disconnect(self, code: int) -> None:
        if self._watcher is not None:
            self._hub.leave(self._watcher)
        if self._telling is not None:
            self._telling.cancel()

    async def _begin(self) -> None:
        if len(self._hub) >= SOCKETS_AT_MOST:
            raise Refused(TOO_MANY, "Too many sockets are open here. Try again later.")
        request = handshake(self.scope)
        after = _cursor(request.GET.get("after"))
        admission = await in_thread(admit, request)
        self._watcher = await self._hub.join(admission, after)
        self._telling = asyncio.create_task(self._tell(self._watcher, after))

    async def _tell(self, watcher: Watcher, after: int | None) -> None:
        mailbox = watcher.mailbox
        await self.send(write("hello", mailbox.position if after is None else after))
        if after is not None:
            await self._catch_up(watcher, after)
        while True:
            try:
                # Not `wait_for`, which makes a task for each message.
                async with asyncio.timeout(PING_EVERY):
                    text = await mailbox.take()
            except TimeoutError:
                text = write("ping", mailbox.position)
            # Waits for a slow reader, whose mailbox then takes the newest only.
            await self.send(text)

    async def _catch_up(self, watcher: Watcher, after: int) -> None:
        """First what happened after `after` and before the mailbox began."""
        page = await in_thread(events_after, after, WAITING_AT_MOST + 1)
        if page.behind or len(page.events) > WAITING_AT_MOST:
            watcher.mailbox.resync(page.cursor)
            return
        missed = Mailbox(watcher.admission.principal, after)
        for event in page.events:
            message = message_of(event)
            if message is not None and message.position <= watcher.since:
                missed.put(message)
        while (text := missed.take_now()) is not None:
            await self.send(text)

    async def watching_ended(self, _message: dict[str, Any]) -> None:
        """Logged out, revoked, or a permission taken away."""
        await self.disconnect(NOT_AUTHENTICATED)
        reason = "You are logged out, or may do this no more."
        with suppress(TimeoutError):
            # Who does not read is not waited for.
            await asyncio.wait_for(self._end(Refused(NOT_AUTHENTICATED, reason)), CLOSE_WITHIN)
        raise StopConsumer

    async def _end(self, refused: Refused) -> None:
        await self.send(write("closing", 0, {"reason": refused.reason}))
        await self.close(code=refused.code, reason=refused.reason)


def _cursor(text: str | None) -> int | None:
    """Where the client wants to go on. Raises Refused."""
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or int(text[:20]) > MAX_INTEGER:
        raise Refused(WRONG_CURSOR, "`after` must be the cursor of a message.")
    return int(text)
