"""What a service did, by the ids as the request wrote them."""

from __future__ import annotations

from collections.abc import Sequence

from crm.api.wire import Changes
from crm.services import RecordResult, UpsertResult


def changes(result: UpsertResult | RecordResult, ids: Sequence[int | str]) -> Changes:
    written = {str(each): each for each in ids}
    return Changes(
        created=[written[each] for each in result.created],
        updated=[written[each] for each in result.updated],
        unchanged=[written[each] for each in result.unchanged],
    )
