"""Filters of the list of leads."""

from __future__ import annotations

from typing import Any

from django.db.models import Count
from django.db.models.functions import Lower
from django.http import HttpRequest
from unfold.contrib.filters.admin import DropdownFilter

from crm.models import Lead, LeadQuerySet, Outcome

MOST = 50


class TextFilter(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """The most frequent values of a free text, whatever their case."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The values in lower case, the most frequent first."""
        counted = (
            Lead.objects.exclude(**{self.parameter_name: ""})
            .values_list(Lower(self.parameter_name))
            .annotate(leads=Count("pk"))
            .order_by("-leads")
        )
        return [(value, f"{value} ({leads:,})") for value, leads in counted[:MOST]]

    def queryset(self, request: HttpRequest, queryset: LeadQuerySet) -> LeadQuerySet:
        """The leads with the chosen value."""
        if not self.value():
            return queryset
        return queryset.filter(**{f"{self.parameter_name}__iexact": self.value()})


class IndustryFilter(TextFilter):
    """By industry."""

    title = "industry"
    parameter_name = "industry"


class SizeFilter(TextFilter):
    """By company size."""

    title = "company size"
    parameter_name = "size"


class OutcomeFilter(DropdownFilter):  # type: ignore[misc]  # unfold has no types
    """By what became of the lead; "open" if nothing yet."""

    title = "outcome"
    parameter_name = "outcome"
    open = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Open first: those are worked on."""
        return [(self.open, "Open"), *Outcome.Result.choices]

    def queryset(self, request: HttpRequest, queryset: LeadQuerySet) -> LeadQuerySet:
        """The leads with the chosen outcome."""
        if self.value() == self.open:
            return queryset.open()
        return queryset.filter(outcome__result=self.value()) if self.value() else queryset
