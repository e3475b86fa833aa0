"""What waits to be sent to one socket: bounded, and the newest about each thing only."""

from __future__ import annotations

import asyncio

from scoring.live.messages import Message, write

# Beyond this the client reloads: it is faster than to be told one by one.
WAITING_AT_MOST = 200


class Mailbox:
    """Filled by the tail, emptied by the socket's own task. Belongs to one event loop.

    position: where its reader stands; nothing up to there is taken in.
    """

    def __init__(self, caller: str, position: int) -> None:
        self.caller = caller
        self.position = position
        self._waiting: dict[str, Message] = {}
        self._resync = False
        self._filled = asyncio.Event()

    def put(self, message: Message) -> None:
        """Take in what is new to this reader and for it."""
        if message.position <= self.position:
            return
        self.position = message.position
        if self._resync or message.owner not in ("", self.caller):
            return
        about = message.about or str(message.position)
        # To the end, not to the old place: cursors only grow.
        self._waiting.pop(about, None)
        self._waiting[about] = message
        if len(self._waiting) > WAITING_AT_MOST:
            self.resync(message.position)
        self._filled.set()

    def resync(self, position: int) -> None:
        """Tell the reader to reload, in place of all that waits, and to go on from there."""
        self._waiting.clear()
        self._resync = True
        self.position = position
        self._filled.set()

    async def take(self) -> str:
        """The text of the next message, as soon as there is one."""
        while (text := self.take_now()) is None:
            self._filled.clear()
            await self._filled.wait()
        return text

    def take_now(self) -> str | None:
        """The text of the next message, if there is one."""
        if self._resync:
            self._resync = False
            return write("resync", self.position)
        if not self._waiting:
            return None
        return self._waiting.pop(next(iter(self._waiting))).text
