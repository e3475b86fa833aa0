"""Batches over HTTP: files and stored leads in, rows with probabilities out."""

from __future__ import annotations

import gzip
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crm.models import Lead
from scoring.models import Job, LeadScore, Prediction, Upload
from tests.http import ApiClient
from tests.scoring.api.batches.over_http import (
    FILE,
    NDJSON,
    PARQUET,
    objects,
    post_file,
    read,
    score_file,
    table,
    work,
)

pytestmark = pytest.mark.django_db


def one_by_one(api: ApiClient, *leads: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    body = {"leads": list(leads), "store": False, **options}
    found: list[dict[str, Any]] = api.send("POST", "/api/predict", body).json()["predictions"]
    return found


def test_a_file_is_scored_as_each_lead_would_be_and_bad_rows_say_why(api: ApiClient):
    batch = score_file(api, FILE)
    assert (batch["state"], batch["share"], batch["modelVersion"]) == ("succeeded", 1.0, 7)
    assert (batch["scored"], batch["rejected"], batch["done"], batch["total"]) == (2, 1, 3, 3)
    rows = table(api, batch["results"])
    expected = one_by_one(
        api,
        {"id": "1", "interactions": 3, "industry": "Retail"},
        {"id": "3", "interactions": 18, "industry": "Banking"},
    )
    for row, line, lead in zip(rows, ["2", "4"], expected, strict=True):
        assert (row["row"], row["id"], row["modelVersion"]) == (line, lead["id"], "7")
        assert float(row["conversionProbability"]) == pytest.approx(
            lead["conversionProbability"], abs=1e-12
        )
        assert int(row["score"]) == lead["score"]
    (bad,) = table(api, batch["rejectedRows"])
    assert (bad["row"], bad["id"]) == ("3", "2")
    assert "interactions: 'x' is not a number" in bad["reason"]


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_reasons_add_up_and_are_those_of_a_single_lead(api: ApiClient, kind: str):
    batch = score_file(api, FILE, explain="true")
    (lead,) = one_by_one(api, {"id": "1", "interactions": 3, "industry": "Retail"}, explain=True)
    if kind == "ndjson":
        first = objects(api, batch["results"])[0]
        assert [each["text"] for each in first["reasons"]] == [
            each["text"] for each in lead["reasons"]
        ]
        assert [each["points"] for each in first["reasons"]] == pytest.approx(
            [each["points"] for each in lead["reasons"]], abs=1e-9
        )
        assert first["explanation"] == pytest.approx(lead["explanation"], abs=1e-9)
        return
    for row in table(api, batch["results"]):
        points = [float(row[f"points{n}"] or 0) for n in range(1, 11)]
        whole = float(row["base"]) + sum(points) + float(row["rest"])
        assert whole == pytest.approx(100 * float(row["conversionProbability"]), abs=1e-6)
    assert table(api, batch["results"])[0]["reason1"] == lead["reasons"][0]["text"]


def parquet() -> bytes:
    file = io.BytesIO()
    rows = {"id": ["1", "2", "3"], "interactions": [3.0, float("inf"), 18.0]}
    pq.write_table(pa.table(rows), file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("media", "content"),
    [
        (NDJSON, b'{"id": 1, "interactions": 3}\n{"id": 2, \n{"id": "3", "interactions": 18}'),
        (PARQUET, parquet()),
        ("application/gzip", gzip.compress(FILE.encode())),
    ],
    # Content as a name would differ from one process of the tests to the next.
    ids=["ndjson", "parquet", "gzip"],
)
def test_other_kinds_of_files_are_scored_too(api: ApiClient, media: str, content: bytes):
    batch = score_file(api, content, media)
    assert (batch["scored"], batch["rejected"]) == (2, 1)
    assert [row["id"] for row in objects(api, batch["results"])] == ["1", "3"]


def test_columns_are_mapped_as_the_command_does(api: ApiClient):
    batch = score_file(
        api,
        "nr;calls;since;d\n1;3;05/03/2025;x\n",
        id="nr",
        map=["interactions=calls", "industry="],
        seenOn="since",
        dateFormat="since=%d/%m/%Y",
        attributes="none",
        name="März leads.csv",
    )
    assert batch["scored"] == 1
    assert Job.objects.get().payload["options"]["map"] == ["interactions=calls", "industry="]


def test_stored_leads_are_scored_by_a_filter_and_nothing_of_them_changes(api: ApiClient):
    for number in range(4):
        Lead.objects.create(
            external_id=f"L{number}",
            interactions=number,
            industry="Retail" if number % 2 else "Banking",
        )
    body = {"leads": {"industry": "retail"}, "explain": True}
    response = api.send("POST", "/api/batches", body)
    assert response.status_code == 202
    work()
    batch = read(api, response.json()["id"])
    rows = objects(api, batch["results"])
    assert [row["id"] for row in rows] == ["L1", "L3"]
    assert "row" not in rows[0]
    assert rows[0]["reasons"]
    assert not LeadScore.objects.exists()
    assert not Prediction.objects.exists()


def test_the_same_request_again_starts_one_batch(api: ApiClient):
    first, again = post_file(api, FILE, key="k"), post_file(api, FILE, key="k")
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (Job.objects.count(), Upload.objects.count()) == (1, 1)
    other = post_file(api, FILE + "4,1,Retail\n", key="k")
    assert other.json()["error"]["code"] == "idempotency_key_reused"


def test_the_file_is_kept_until_the_batch_is_over(api: ApiClient):
    post_file(api, FILE)
    assert b"".join(bytes(part.data) for part in Upload.objects.get().parts.all()) == FILE.encode()
    work()
    assert not Upload.objects.exists()


def test_ids_that_come_again_are_scored_and_counted(api: ApiClient):
    batch = score_file(api, "id,interactions\n1,3\n1,18\n2,1\n")
    assert (batch["scored"], batch["repeated"]) == (3, 2)
    assert [row["row"] for row in table(api, batch["results"])] == ["2", "3", "4"]


def test_results_wait_until_the_batch_is_over(api: ApiClient):
    batch = post_file(api, FILE).json()
    assert batch["results"] is None
    response = api.get(f"/api/batches/{batch['id']}/results")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "not_finished")


def test_a_waiting_batch_is_called_off(api: ApiClient):
    batch = post_file(api, FILE).json()
    assert api.delete(f"/api/batches/{batch['id']}").json()["state"] == "cancelled"
    assert not Upload.objects.exists()
    assert table(api, read(api, batch["id"])["results"]) == []
