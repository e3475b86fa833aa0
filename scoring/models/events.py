"""What happened, for those who watch: rows that live sockets and clients read in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models.deletion import Collector
from django.utils import timezone

from crm.models import Lead


def empty_with_lead(collector: Collector, field: Any, events: Sequence[Event], _using: str) -> None:
    """`on_delete` of an event's lead: the row keeps its place in the order and says nothing."""
    payload = next(each for each in Event._meta.fields if each.name == "payload")
    collector.add_field_update(field, None, events)
    collector.add_field_update(payload, None, events)


class Event(models.Model):
    """That something happened, written in the same transaction as what it tells.

    `position` is where it stands in the order that readers follow, given once the row is
    committed (`scoring.events`); null until then. `payload` is null once its lead is erased.
    """

    position = models.BigIntegerField(null=True, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    payload = models.JSONField(null=True)
    lead = models.ForeignKey(Lead, on_delete=empty_with_lead, null=True, related_name="+")
    owner = models.CharField(
        max_length=100, blank=True, help_text="The only caller who is told; empty: everybody."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(position=None), name="event_without_position"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.position}"

    def payload_for(self, caller: str) -> dict[str, Any] | None:
        """What a caller (`Principal.id`) who may read events may know of it."""
        payload: dict[str, Any] | None = self.payload
        return payload if self.owner in ("", caller) else None
