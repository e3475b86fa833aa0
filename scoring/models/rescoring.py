"""How far the rescoring of stale leads has come."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from scoring.models.versions import ModelVersion

# Who holds it and is not heard of for so long is dead.
HELD_FOR = timedelta(seconds=15)


class Rescoring(models.Model):
    """The one row that all workers go on from.

    after_change:     id of the last row of the leads' history that has been looked at.
    after_edit:       the same of its rows that no file brought, which go first.
    after_withdrawal: the same of the outcomes' history.
    version:          the champion that the open leads were, or are being, brought over to.
    after_lead:       key of the last lead brought over; null once all are.
    """

    after_change = models.BigIntegerField()
    after_edit = models.BigIntegerField(default=0)
    after_withdrawal = models.BigIntegerField(default=0)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, null=True, related_name="+")
    after_lead = models.BigIntegerField(null=True, default=0)
    holder = models.UUIDField(null=True)
    held_until = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.after_change}, {self.after_withdrawal}, {self.after_lead}"

    def take(self) -> uuid.UUID | None:
        """The right to go on from this very state; None if another worker has it or went on."""
        holder, now = uuid.uuid4(), timezone.now()
        taken = Rescoring.objects.filter(
            Q(holder=None) | Q(held_until__lt=now),
            pk=self.pk,
            after_change=self.after_change,
            after_edit=self.after_edit,
            after_withdrawal=self.after_withdrawal,
            version=self.version_id,
            after_lead=self.after_lead,
        ).update(holder=holder, held_until=now + HELD_FOR)
        return holder if taken else None

    def give_back(self, holder: uuid.UUID) -> None:
        """Store how far it has come, unless another worker had to take over meanwhile."""
        Rescoring.objects.filter(pk=self.pk, holder=holder).update(
            after_change=self.after_change,
            after_edit=self.after_edit,
            after_withdrawal=self.after_withdrawal,
            version=self.version_id,
            after_lead=self.after_lead,
            holder=None,
        )
