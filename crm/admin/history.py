"""What changed, in words: attributes entry by entry instead of two objects of JSON."""

from __future__ import annotations

from typing import Any

from django.utils.formats import localize
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


def _text(value: Any) -> str:
    return "" if value is None else str(localize(value))
