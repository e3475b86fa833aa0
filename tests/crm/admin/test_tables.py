from __future__ import annotations

import csv
import io
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.models import Lead
from crm.services import lead_upsert
from tests.crm.admin.pages import LIST
from tests.crm.factories import ACTOR, lead_data, stored

CSV, XLSX = "0", "1"
FORMULAS = ["=1+1", "==1+1", "+1", "-1", "@A1", "\t=1", "＝1+1", "'=1"]


def export(admin_page: Client, file_format: str) -> bytes:
    response = admin_page.post(f"{LIST}export/", {"format": file_format, "resource": ""})
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.content


def upload(admin_page: Client, text: str) -> str:
    """Upload a CSV file, look at the preview, confirm it if that is offered."""
    file = SimpleUploadedFile("leads.csv", text.encode())
    preview = admin_page.post(
        f"{LIST}import/", {"format": CSV, "resource": "", "import_file": file}
    )
    confirm = preview.context.get("confirm_form")
    if confirm:
        admin_page.post(f"{LIST}process_import/", confirm.initial)
    return preview.content.decode()


@pytest.mark.parametrize("what", ["import", "export"])
def test_nobody_may_without_the_permission(seller_page: Client, what: str):
    assert seller_page.get(f"{LIST}{what}/").status_code == 403
    assert f"/{what}/" not in seller_page.get(LIST).content.decode()


@pytest.mark.parametrize("what", ["import", "export"])
def test_with_the_permission_they_may(seller_page: Client, what: str):
    seller = User.objects.get(username="seller")
    seller.user_permissions.add(Permission.objects.get(codename=f"{what}_lead"))

    assert seller_page.get(f"{LIST}{what}/").status_code == 200
    assert f"/{what}/" in seller_page.get(LIST).content.decode()


def test_outcomes_cannot_be_carried_away_either(seller_page: Client):
    assert seller_page.get("/admin/crm/outcome/export/").status_code == 403


def test_outcomes_are_exported_with_the_id_of_their_lead(admin_page: Client, won: Lead):
    response = admin_page.post("/admin/crm/outcome/export/", {"format": CSV, "resource": ""})

    assert b"1,won" in response.content


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_computed(admin_page: Client, db: None, text: str):
    # Space around a name is taken away when it is stored; a tab may still lead an attribute.
    lead_upsert(lead=lead_data(name=text), source="api", actor=ACTOR)

    (row,) = csv.DictReader(io.StringIO(export(admin_page, CSV).decode()))
    assert row["name"] == "'" + text.strip()

    sheet = openpyxl.load_workbook(io.BytesIO(export(admin_page, XLSX))).active
    assert sheet is not None
    header, cells = sheet.iter_rows()
    name = cells[[cell.value for cell in header].index("name")]
    assert (name.data_type, name.value) == ("s", "'" + text.strip())


def test_what_was_exported_can_be_imported_unchanged(admin_page: Client, db: None):
    for number, text in enumerate(FORMULAS):
        lead_upsert(lead=lead_data(str(number), name=text), source="api", actor=ACTOR)

    upload(admin_page, export(admin_page, CSV).decode())

    assert set(Lead.objects.values_list("revision", flat=True)) == {1}


def test_an_upload_goes_through_the_service(admin_page: Client, boss: User, lead: Lead):
    upload(admin_page, 'external_id,budget,attributes\n1,5,\n2,7,"{""a"": 1}"\n')

    assert (stored("1").budget, stored("1").name) == (Decimal(5), "Ada Byron")
    assert (stored("1").attributes, stored("1").revision) == (lead.attributes, 2)
    assert (stored("2").budget, stored("2").source) == (Decimal(7), "import")
    assert stored("2").attributes == {"a": 1}
    assert stored("2").history.get().history_user == boss


def test_a_preview_saves_nothing(admin_page: Client, lead: Lead):
    file = SimpleUploadedFile("leads.csv", b"external_id,budget\n1,5\n")

    admin_page.post(f"{LIST}import/", {"format": CSV, "resource": "", "import_file": file})

    assert (stored().budget, stored().revision) == (lead.budget, 1)


def test_a_row_that_cannot_be_is_shown_with_the_reason(admin_page: Client, lead: Lead):
    text = upload(admin_page, "external_id,email\n1,nobody\n")

    assert "Must be an e-mail address." in text
    assert stored().revision == 1
