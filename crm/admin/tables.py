"""Leads and outcomes as tables to download and upload, for those who may."""

from __future__ import annotations

from typing import Any

import tablib
from django.core.exceptions import ValidationError
from import_export.admin import ExportMixin, ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.resources import ModelResource
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from crm.admin.forms import EDITED
from crm.errors import CrmError
from crm.models import Lead, Outcome
from crm.services import LeadData, lead_upsert
from crm.spreadsheets import escape_formula, unescape_formula
from crm.values import Actor

# The owner is a row of the user table here and a stranger in a file.
COLUMNS = tuple(name for name in EDITED if name != "owner")

# Who downloads: nothing is written in their name.
NOBODY = Actor(user=None, label="Admin")


def _each_text(dataset: tablib.Dataset, change: Any) -> tablib.Dataset:
    rows = [[change(cell) if isinstance(cell, str) else cell for cell in row] for row in dataset]
    return tablib.Dataset(*rows, headers=dataset.headers)


class WithoutFormulas:
    """A file format whose cells are shown and never computed."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        """The file, its texts escaped."""
        return super().export_data(_each_text(dataset, escape_formula), **kwargs)  # type: ignore[misc]  # a mixin

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        """The rows of a file; what `export_data` has escaped as it was before."""
        return _each_text(super().create_dataset(in_stream, **kwargs), unescape_formula)  # type: ignore[misc]  # a mixin


class SafeCSV(WithoutFormulas, CSV):  # type: ignore[misc]  # import_export has no types
    """CSV without formulas."""


class SafeXLSX(WithoutFormulas, XLSX):  # type: ignore[misc]  # import_export has no types
    """XLSX without formulas."""


class LeadResource(ModelResource):  # type: ignore[misc]  # import_export has no types
    """A lead as a row. Rows are stored by the services, in the name of who uploads them."""

    def __init__(self, *, actor: Actor = NOBODY, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.actor = actor

    class Meta:
        model = Lead
        import_id_fields = ("external_id",)
        fields = ("external_id", *COLUMNS)
        use_transactions = True

    def do_instance_save(self, instance: Lead, is_create: bool) -> None:
        """Store one row; its errors are shown beside it."""
        given = {name: getattr(instance, name) for name in COLUMNS}
        data = LeadData(external_id=instance.external_id, **given)
        try:
            lead = lead_upsert(lead=data, source=Lead.Source.IMPORT, actor=self.actor)
        except CrmError as error:
            raise ValidationError(error.fields or error.message) from error
        instance.pk = lead.pk


class OutcomeResource(ModelResource):  # type: ignore[misc]  # import_export has no types
    """An outcome as a row."""

    class Meta:
        model = Outcome
        fields = ("lead__external_id", "result", "occurred_on", "value", "recorded_at")


class Downloadable(ExportMixin):  # type: ignore[misc]  # import_export has no types
    """Rows go out as CSV or XLSX, to users with the permission to export."""

    export_form_class = ExportForm
    formats = (SafeCSV, SafeXLSX)
    # Else the export asks for a format and leads back to this list by a redirect each time.
    show_change_form_export = False


class Exchangeable(ImportExportMixin, Downloadable):  # type: ignore[misc]  # import_export has no types
    """Rows come in too, from users with the permission to import."""

    import_form_class = ImportForm
