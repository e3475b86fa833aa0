"""WS /ws/scores: docs/live.md says what it tells."""

from __future__ import annotations

import asyncio

from channels.generic.websocket import AsyncWebsocketConsumer

from leadscoring.api.wire import MAX_INTEGER
from scoring.events import events_after
from scoring.live.admission import NOT_AUTHENTICATED, Refused, admit, handshake
from scoring.live.hub import Hub, Watcher
from scoring.live.mailbox import WAITING_AT_MOST, Mailbox
from scoring.live.messages import message_of, write
from scoring.live.threads import in_thread

WRONG_CURSOR = 4400
TOO_MANY = 4429
SOCKETS_AT_MOST = 5_000
# Proxies close what is silent for a minute.
PING_EVERY = 25.0


class ScoresConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # it has no types
    """One socket. What a client sends is passed over; the server answers the protocol's pings."""

    def __init__(self, *, hub: Hub) -> None:
        super().__init__()
        self._hub = hub
        self._watcher: Watcher | None = None
        self._tasks: list[asyncio.Task[None]] = []

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
        for task in self._tasks:
            task.cancel()

    async def _begin(self) -> None:
        if len(self._hub) >= SOCKETS_AT_MOST:
            raise Refused(TOO_MANY, "Too many sockets are open here. Try again later.")
        request = handshake(self.scope)
        after = _cursor(request.GET.get("after"))
        admission = await in_thread(admit, request)
        self._watcher = await self._hub.join(admission, after)
        tell = self._tell(self._watcher, after)
        self._tasks = [asyncio.create_task(each) for each in (tell, self._watch(self._watcher))]

    async def _tell(self, watcher: Watcher, after: int | None) -> None:
        mailbox = watcher.mailbox
        await self.send(write("hello", mailbox.position if after is None else after))
        if after is not None:
            await self._catch_up(watcher, after)
        while True:
            try:
                text = await asyncio.wait_for(mailbox.take(), PING_EVERY)
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

    async def _watch(self, watcher: Watcher) -> None:
        await watcher.ended.wait()
        await self._end(Refused(NOT_AUTHENTICATED, "You are logged out, or may do this no more."))

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
