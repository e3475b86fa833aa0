"""A lead's outcome on the lead's own page."""

from __future__ import annotations

from typing import Any

from django.db.models import Field
from django.forms import TypedChoiceField
from django.http import HttpRequest
from unfold.admin import StackedInline
from unfold.forms import PaginationInlineFormSet

from crm.admin.actor import actor_of
from crm.admin.forms import OutcomeForm
from crm.models import Lead, Outcome
from crm.services import outcome_record, outcome_withdraw


class OutcomeFormSet(PaginationInlineFormSet):  # type: ignore[misc]  # unfold has no types
    """Knows its lead as it is being typed, also one that is not stored yet."""

    def clean(self) -> None:
        """An outcome cannot come before its lead. The model says the same of stored leads."""
        super().clean()
        seen_on = self.instance.seen_on
        for form in self.forms:
            occurred_on = form.cleaned_data.get("occurred_on")
            if self.instance.pk is None and occurred_on and seen_on and occurred_on < seen_on:
                form.add_error("occurred_on", f"The lead is known only since {seen_on}.")


class OutcomeInline(StackedInline):  # type: ignore[misc]  # unfold has no types
    """At most one; taking it away opens the lead again."""

    model = Outcome
    form = OutcomeForm
    formset = OutcomeFormSet
    fields = (("result", "value"), "occurred_on")
    max_num = 1
    extra = 1
    verbose_name_plural = "Outcome"

    def formfield_for_choice_field(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> TypedChoiceField:
        """The theme's list begins with the first result: each save of an open lead would win it."""
        kwargs["choices"] = db_field.get_choices()
        found: TypedChoiceField = super().formfield_for_choice_field(db_field, request, **kwargs)
        return found


def save_outcomes(request: HttpRequest, formset: OutcomeFormSet, lead: Lead) -> None:
    """What the inline says, done by the services."""
    formset.save(commit=False)  # says what is new, changed and deleted, and saves nothing
    actor = actor_of(request)
    if formset.deleted_objects:
        outcome_withdraw(external_id=lead.external_id, actor=actor)
    gone = formset.deleted_forms
    for form in formset.forms:
        if form not in gone and form.has_changed():
            outcome = outcome_record(
                outcome=form.outcome_data(lead.external_id), source=Lead.Source.ADMIN, actor=actor
            )
            form.instance.pk = outcome.pk
