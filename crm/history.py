"""History rows for bulk writes, which send no signals: what, by whom, why and as of when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from crm.models import Lead, Outcome
from crm.values import Actor

# As wide as the column of django-simple-history.
REASON_LENGTH = 100
BATCH = 1_000


def write_history(
    *,
    objects: Sequence[Lead] | Sequence[Outcome],
    kind: Literal["+", "~"],
    actor: Actor,
    moments: Sequence[datetime] | None = None,
) -> None:
    """Keep the present state of saved `objects` (all of one model) in their history.

    kind:    "+" where they were created, "~" where they changed.
    moments: since when each state holds, aware, in the order of `objects`; now if not given.
    """
    if not objects:
        return
    for each, moment in zip(objects, moments or (), strict=moments is not None):
        each._history_date = moment  # type: ignore[attr-defined]  # simple_history reads it
    type(objects[0]).history.bulk_history_create(
        objects,
        batch_size=BATCH,
        update=kind == "~",
        default_user=actor.user,
        default_change_reason=actor.label[:REASON_LENGTH],
    )
