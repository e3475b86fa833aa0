"""JSON kept as the text that was written."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class JsonText(models.JSONField):
    """JSON that is only ever read back whole: no query can ask for what is in it.

    PostgreSQL takes a third of the time for such a row that it takes with `jsonb`, which it parses,
    sorts and builds anew.
    """

    def get_internal_type(self) -> str:
        """As Django says: what kind of column it is."""
        return "TextField"

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        """As Django says."""
        return None if value is None else json.dumps(value, ensure_ascii=False)
