"""What can go wrong in the business, in words for whoever has to mend it."""

from __future__ import annotations

from collections.abc import Mapping


class CrmError(Exception):
    """Something the caller asked for cannot be done.

    `code` is stable and for programs, `message` is for people, `fields` maps a field's path
    ("leads.3.budget") to what is wrong with it.
    """

    code = "invalid"

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class InvalidLead(CrmError):
    """A field of a lead or an outcome has a value that cannot be."""


class LeadNotFound(CrmError):
    """There is no lead with this id."""

    code = "not_found"
