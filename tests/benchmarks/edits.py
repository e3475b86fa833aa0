"""`python -m tests.benchmarks.edits [postgresql]`: what an edit waits for while a file is imported.

Edits one lead after the other over HTTP, half of them leads of the file, first alone, then while a
worker imports IMPORT_ROWS rows (200,000 unless set) and scores what it brings: on SQLite as
`make run` has it, or on PostgreSQL as `make serve` has it. Prints milliseconds until the answer,
and until the lead's new score is stored.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.installation import Installation
from tests.benchmarks.leads import make_leads
from tests.benchmarks.many_leads import write_leads
from tests.benchmarks.predict import installed
from tests.benchmarks.servers import ROOT, our_server, production_server

ROWS = int(os.environ.get("IMPORT_ROWS", "200000"))
# Leads that are edited: every so many of the file's, and as many that are not in it.
EDITED = 50
ALONE_SECONDS = 10.0
EDIT = """
import hashlib, http.client, json, time
from pathlib import Path
import django; django.setup()
from django.db import transaction
from django.db.models import F
from scoring.jobs import job_start
from scoring.jobs.uploads import SentFile, upload_store
from scoring.models import Job, LeadScore

headers = {{"Authorization": {key!r}, "Content-Type": "application/json"}}
server = http.client.HTTPConnection("127.0.0.1", {port})
count = 0

def send(method, path, body):
    start = time.perf_counter()
    server.request(method, path, json.dumps(body), headers)
    answer = server.getresponse()
    said = answer.read()
    if answer.status >= 300:
        raise SystemExit(said.decode())
    return 1000 * (time.perf_counter() - start)

def edits(go_on):
    global count
    answered, scored = [], []
    while go_on():
        lead = {ids}[count % len({ids})]
        count += 1
        start = time.perf_counter()
        answered.append(send("PATCH", f"/api/leads/{{lead}}", {{"interactions": 30 + count}}))
        if count % 5 == 0:
            behind = LeadScore.objects.filter(lead__external_id=lead, revision=F("lead__revision"))
            while not behind.exists():
                time.sleep(0.05)
            scored.append(1000 * (time.perf_counter() - start))
        time.sleep(0.05)
    return [figures(answered), figures(scored)]

def figures(times):
    times = sorted(times)
    return [len(times), times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]]

send("POST", "/api/leads", {{"leads": {leads}}})
time.sleep(5)
end = time.monotonic() + {alone}
found = [edits(lambda: time.monotonic() < end)]
path = Path({source!r})
data = path.read_bytes()
file = SentFile(path, path.name, len(data), hashlib.sha256(data).hexdigest())
with transaction.atomic():
    options = {{"id": "id"}}
    job = job_start(kind=Job.Kind.IMPORT, owner="key:bench", payload={{"options": options}})
    upload_store(job=job, file=file)
start = time.perf_counter()
found.append(edits(lambda: Job.objects.unfinished().exists()))
print(json.dumps([found, Job.objects.get(pk=job.pk).result["rows"], time.perf_counter() - start]))
"""


def main(which: str) -> None:
    postgres = which == "postgresql"
    serve = production_server if postgres else our_server
    with installed("gradient-boosting", postgres=postgres) as installation:
        key = f"Api-Key {installation.create_key()}"
        source = installation.folder / "leads.csv"
        write_leads(source, ROWS)
        known = [str(1 + number * (ROWS // EDITED)) for number in range(EDITED)]
        ids = [each for number in known for each in (number, f"other {number}".replace(" ", "-"))]
        leads = [{**lead, "id": id} for lead, id in zip(make_leads(len(ids)), ids, strict=True)]
        with serve(installation.environment) as port, _worker(installation):
            code = EDIT.format(
                key=key, port=port, ids=ids, leads=leads, alone=ALONE_SECONDS, source=str(source)
            )
            found, rows, seconds = json.loads(installation.run("-c", code).splitlines()[-1])
    print(f"{which}: {rows:,} rows imported in {seconds:.0f} s")
    for when, (answered, scored) in zip(("alone", "beside the import"), found, strict=True):
        for what, (count, middle, late, last) in (("answered", answered), ("scored", scored)):
            print(
                f"  {when}: {count} edits {what} after {middle:.0f} ms (median), "
                f"{late:.0f} ms (95 %), {last:.0f} ms (the last)"
            )


@contextmanager
def _worker(installation: Installation) -> Iterator[None]:
    with subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env={**os.environ, **installation.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield
        finally:
            process.kill()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sqlite")
