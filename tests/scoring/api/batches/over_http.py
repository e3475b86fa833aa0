"""Batches over HTTP, done by a worker in this process."""

from __future__ import annotations

import csv
import json
from typing import Any
from urllib.parse import urlencode

from scoring.jobs.handle import JobHandle
from scoring.jobs.run import job_run
from tests.http import ApiClient
from tests.scoring.jobs.working import claim

CSV = "text/csv"
NDJSON = "application/x-ndjson"
PARQUET = "application/vnd.apache.parquet"

# Its second row holds no number where one is asked for.
FILE = "id,interactions,industry\n1,3,Retail\n2,x,Retail\n3,18,Banking\n"


def post_file(
    api: ApiClient, content: bytes | str, media: str = CSV, key: str = "", **options: Any
) -> Any:
    """Send a file to be scored."""
    data = content.encode() if isinstance(content, str) else content
    headers = {"Idempotency-Key": key} if key else {}
    query = urlencode(options, doseq=True)
    return api.generic("POST", f"/api/batches?{query}", data, media, headers=headers)


def work() -> None:
    """What a worker does with the next job."""
    job_run(JobHandle(claim()))


def score_file(
    api: ApiClient, content: bytes | str, media: str = CSV, **options: Any
) -> dict[str, Any]:
    """Send a file and let a worker score it; the batch when it is over."""
    response = post_file(api, content, media, **options)
    assert response.status_code == 202, response.content
    work()
    return read(api, response.json()["id"])


def read(api: ApiClient, batch: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/api/batches/{batch}").json()
    return found


def objects(api: ApiClient, address: str) -> list[dict[str, Any]]:
    """The rows at an address, as NDJSON."""
    response = api.get(address, headers={"Accept": NDJSON})
    assert response.headers["Content-Type"] == NDJSON
    return [json.loads(line) for line in response.getvalue().splitlines()]


def table(api: ApiClient, address: str) -> list[dict[str, str]]:
    """The rows at an address, as CSV."""
    response = api.get(address)
    assert response.headers["Content-Type"] == CSV
    return list(csv.DictReader(response.getvalue().decode().splitlines()))
