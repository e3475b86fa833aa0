"""The page of what changed, in words: attributes entry by entry, not two objects of JSON."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.formats import localize
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper


class ReadableChanges(HistoricalRecordContextHelper):  # type: ignore[misc]  # has no types
    """Before and after, for the history page."""

    def stringify_delta_change_values(self, change: Any, old: Any, new: Any) -> tuple[str, str]:
        """Only the entries that differ; a known nothing (0, False) is shown, unlike an unknown."""
        if isinstance(old, dict) and isinstance(new, dict):
            return self._entries(old, new), self._entries(new, old)
        return _text(old), _text(new)

    def _entries(self, these: dict[str, Any], others: dict[str, Any]) -> str:
        missing = object()
        differ = [key for key, value in sorted(these.items()) if others.get(key, missing) != value]
        return ", ".join(f"{key}: {_text(these[key])}" for key in differ)


class HistoryAdmin(SimpleHistoryAdmin):  # type: ignore[misc]  # has no types
    """An admin with a page of all changes."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page; 404, which it would not say by itself, for what is no primary key."""
        try:
            self.opts.pk.to_python(unquote(object_id))
        except ValidationError:
            raise Http404 from None
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def get_historical_record_context_helper(
        self, request: HttpRequest, historical_record: Any
    ) -> ReadableChanges:
        """Before and after, in words."""
        return ReadableChanges(self.model, historical_record)


def _text(value: Any) -> str:
    return "" if value is None else str(localize(value))
