"""The sockets of this process, and the one tail of the events that feeds them all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from scoring.events import EventPage, events_after, events_latest
from scoring.live.admission import Admission, still_admitted
from scoring.live.mailbox import Mailbox
from scoring.live.messages import message_of
from scoring.live.threads import in_thread

logger = structlog.get_logger(__name__)

LOOK_EVERY = 0.2
CHECK_EVERY = 2.0
PAGE = 500
# Sockets told before requests get their turn.
TOLD_AT_ONCE = 50
# Seconds to wait more after something went wrong.
PAUSE = 1.0


class Watcher:
    """One socket: who it is, and what waits for it. `ended` is set when it may watch no more.

    since: it is told of what comes after this position.
    """

    def __init__(self, admission: Admission, since: int, after: int | None) -> None:
        self.admission = admission
        self.since = since
        # A client that another process has told more than this one knows is not told it again.
        self.mailbox = Mailbox(admission.principal, max(since, after or 0))
        self.ended = asyncio.Event()


class Hub:
    """Follows the events while anybody watches, and asks now and then who still may."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()
        self._position = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._starting = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._watchers)

    async def join(self, admission: Admission, after: int | None) -> Watcher:
        """A watcher that is told of everything from now on; `after`: what its client knows."""
        async with self._starting:
            if not self._tasks:
                self._position = await in_thread(events_latest)
                self._tasks = [
                    asyncio.create_task(self._repeat(self._follow, LOOK_EVERY), name="live events"),
                    asyncio.create_task(self._repeat(self._check, CHECK_EVERY), name="live rights"),
                ]
            watcher = Watcher(admission, self._position, after)
            self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        """It is told nothing more. Without watchers nothing is asked of the database."""
        self._watchers.discard(watcher)
        if not self._watchers:
            for task in self._tasks:
                task.cancel()
            self._tasks = []

    async def _repeat(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """For ever; what goes wrong, such as a database that is away, is tried again."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await work()
            except Exception:
                logger.exception("live_failed", work=work.__name__)
                await asyncio.sleep(PAUSE)

    async def _follow(self) -> None:
        page = await in_thread(events_after, self._position, PAGE)
        await self._tell(page)
        while len(page.events) == PAGE:
            page = await in_thread(events_after, self._position, PAGE)
            await self._tell(page)

    async def _tell(self, page: EventPage) -> None:
        messages = [each for each in map(message_of, page.events) if each is not None]
        # Whoever joins from here on begins after this page.
        self._position = page.cursor
        for number, watcher in enumerate(list(self._watchers), start=1):
            if page.behind:
                watcher.mailbox.resync(page.cursor)
            for message in messages:
                watcher.mailbox.put(message)
            if number % TOLD_AT_ONCE == 0:
                await asyncio.sleep(0)

    async def _check(self) -> None:
        """End those who may watch no more: logged out, revoked, permission taken."""
        watchers = list(self._watchers)
        admitted = await in_thread(still_admitted, {each.admission for each in watchers})
        for watcher in watchers:
            if watcher.admission not in admitted:
                watcher.ended.set()
