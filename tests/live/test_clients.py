"""The examples of clients, run as they stand in the docs against a running server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


FRONTEND = ROOT / "frontend"
# Everything the example needs in one file, as a team's own server would build it.
BUILD = """
import { build } from "vite";
const [entry, outDir] = process.argv.slice(1);
await build({
  configFile: false, logLevel: "error", ssr: { noExternal: true },
  build: { ssr: entry, outDir, emptyOutDir: false },
});
"""


@pytest.mark.skipif(
    shutil.which("node") is None or not (FRONTEND / "node_modules").exists(),
    reason="the dashboard's packages are not installed: `make frontend`",
)
def test_the_typescript_example_scores_and_reads_pages(site: Site, tmp_path: Path) -> None:
    example = (FRONTEND / "src" / "api" / "README.md").read_text()
    code = example.split("```ts\n")[1].split("```")[0]
    code = code.replace('"./api"', f'"{FRONTEND}/src/api"')
    code = code.replace("https://leads.example.com", site.origin)
    entry = tmp_path / "example.ts"
    entry.write_text(code)
    build = ["node", "--input-type=module", "--eval", BUILD, str(entry), str(tmp_path)]
    subprocess.run(build, cwd=FRONTEND, check=True, timeout=120)

    (built,) = tmp_path.glob("example.*js")
    environment = {**os.environ, "LEADS_KEY": site.key}
    result = subprocess.run(
        ["node", str(built)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.returncode == 0, result.stderr
    score, leads = (int(line) for line in result.stdout.splitlines())
    assert 0 <= score <= 100
    assert leads == site.api("GET", "/api/leads?status=open&include=total").json()["total"]
