"""What travels over a socket: one JSON object a message, written once for all sockets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from scoring.models import Event


@dataclass(frozen=True, slots=True)
class Message:
    """An event, ready to be sent.

    about: what a later message makes this one superfluous for, such as a lead; "" for nothing.
    """

    position: int
    text: str
    owner: str = ""
    about: str = ""


def message_of(event: Event) -> Message | None:
    """None if there is nothing to tell any more."""
    position, payload = event.position, event.payload
    if payload is None or position is None:
        return None
    about = f"{event.kind} {payload['id']}" if "id" in payload else ""
    return Message(position, write(event.kind, position, payload), event.owner, about)


def write(kind: str, position: int, payload: Any = None) -> str:
    """The text of a message; without a payload it is an empty object."""
    told = {"kind": kind, "cursor": str(position), "payload": payload or {}}
    return msgspec.json.encode(told).decode()
