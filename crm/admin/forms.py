"""What people type, checked by the same rules as everything that comes in otherwise."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from crm.models import Lead, Outcome
from crm.services import LeadData, OutcomeData, clean_lead, clean_outcome

EDITED = (
    "name",
    "company",
    "industry",
    "size",
    "email",
    "position",
    "last_contact",
    "budget",
    "previous_purchases",
    "interactions",
    "attributes",
    "owner",
    "seen_on",
)


class ReadableJSONField(forms.JSONField):
    """JSON with one entry a line."""

    widget = UnfoldAdminExpandableTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        """As people read it; what they typed wrongly stays as they typed it."""
        if isinstance(value, dict):
            return json.dumps(value, ensure_ascii=False, indent=2)
        return super().prepare_value(value)


class LeadForm(forms.ModelForm):  # type: ignore[type-arg]  # no [Lead] at run time
    """A lead as a whole: what is emptied is not known any more."""

    attributes = ReadableJSONField(
        required=False,
        label="Your own columns",
        help_text='As a JSON object, e.g. {"campaign": "spring", "employees": 40}. '
        "They become features of the model.",
    )

    class Meta:
        model = Lead
        fields = ("external_id", *EDITED)

    def clean(self) -> dict[str, Any]:
        """The services' rules beside the form's own."""
        cleaned = super().clean() or {}
        _, errors = clean_lead(self.lead_data())
        for name, message in errors.items():
            if name in self.fields and name not in self.errors:
                self.add_error(name, message)
        if not isinstance(cleaned.get("attributes"), dict):
            # Django saves the form's value on the instance, where null is no object.
            cleaned["attributes"] = {}
        return cleaned

    def lead_data(self) -> LeadData:
        """What was typed, for the services."""
        given = {name: self.cleaned_data[name] for name in EDITED if name in self.cleaned_data}
        external_id = self.cleaned_data.get("external_id") or self.instance.external_id
        return LeadData(external_id=external_id, **given)


class OutcomeForm(forms.ModelForm):  # type: ignore[type-arg]  # no [Outcome] at run time
    """What became of a lead."""

    class Meta:
        model = Outcome
        fields = ("result", "occurred_on", "value")

    def clean(self) -> dict[str, Any]:
        """The services' rules beside the form's own."""
        cleaned = super().clean() or {}
        if "result" in cleaned:
            _, errors = clean_outcome(self.outcome_data("any"))
            for name, message in errors.items():
                if name in self.fields and name not in self.errors:
                    self.add_error(name, message)
        return cleaned

    def outcome_data(self, external_id: str) -> OutcomeData:
        """What was typed, for the services."""
        return OutcomeData(
            external_id=external_id,
            result=self.cleaned_data["result"],
            occurred_on=self.cleaned_data.get("occurred_on"),
            value=self.cleaned_data.get("value"),
        )
