"""What waits for one socket."""

from __future__ import annotations

import asyncio
import json

from scoring.live.mailbox import WAITING_AT_MOST, Mailbox
from scoring.live.messages import Message, write


def message(position: int, about: str = "", owner: str = "") -> Message:
    return Message(position, write("told", position), owner, about)


def taken(mailbox: Mailbox) -> list[tuple[str, int]]:
    found = []
    while (text := mailbox.take_now()) is not None:
        told = json.loads(text)
        found.append((told["kind"], int(told["cursor"])))
    return found


def test_only_the_newest_about_a_thing_waits_and_cursors_only_grow() -> None:
    mailbox = Mailbox("me", 0)
    for position, about in enumerate(["a", "b", "a", "", ""], start=1):
        mailbox.put(message(position, about))
    assert taken(mailbox) == [("told", each) for each in (2, 3, 4, 5)]


def test_what_the_reader_knows_or_may_not_know_is_passed_over() -> None:
    mailbox = Mailbox("me", 3)
    mailbox.put(message(3))
    mailbox.put(message(4, owner="somebody else"))
    mailbox.put(message(5, owner="me"))
    assert taken(mailbox) == [("told", 5)]


def test_a_reader_that_does_not_read_costs_a_bounded_number_and_then_reloads() -> None:
    mailbox = Mailbox("me", 0)
    last = 3 * WAITING_AT_MOST
    for position in range(1, last + 1):
        mailbox.put(message(position))
    (resync,) = taken(mailbox)
    assert resync == ("resync", last)
    mailbox.put(message(last + 1))
    assert taken(mailbox) == [("told", last + 1)]


def test_who_waits_is_woken() -> None:
    async def wait() -> str:
        mailbox = Mailbox("me", 0)
        waiting = asyncio.create_task(mailbox.take())
        await asyncio.sleep(0)
        mailbox.put(message(1))
        return await waiting

    assert json.loads(asyncio.run(wait()))["cursor"] == "1"
