"""The example in Python, run as it stands in the docs against a running server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.servers import ROOT
from tests.live.site import Site


def test_the_python_example_scores_records_and_runs_a_batch(site: Site, tmp_path: Path) -> None:
    key = site.create_key("clients", scopes="predict,leads,outcomes,batches")
    program = tmp_path / "client.py"
    text = (ROOT / "docs" / "clients.md").read_text()
    program.write_text(text.split("```python\n")[1].split("```")[0])
    command = [sys.executable, str(program), site.origin, key]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    assert result.returncode == 0, result.stderr
    told = result.stdout.splitlines()
    assert told[0].startswith("score ")
    assert told[1] == "outcome {'created': ['crm-17'], 'updated': [], 'unchanged': []}"
    assert told[2] == "batch succeeded 2"
    assert [line.split(",")[1] for line in told[4:6]] == ["a", "b"]
    assert told[-1] == "ticket True"
    lead = site.api("GET", "/api/leads/crm-17", key=key).json()
    assert (lead["status"], lead["company"]) == ("won", "ABC Corp")
