"""The database, for the event loop: questions are asked in threads of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import close_old_connections

T = TypeVar("T")
# One follows the events, so that others who come and go do not hold it up.
_THREADS = ThreadPoolExecutor(max_workers=3, thread_name_prefix="live")


async def in_thread(work: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """What `work` gives, asked where waiting for the database holds nobody up."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, partial(_asked, work, arguments, options))


def _asked(work: Callable[..., T], arguments: tuple[Any, ...], options: dict[str, Any]) -> T:
    close_old_connections()
    return work(*arguments, **options)
