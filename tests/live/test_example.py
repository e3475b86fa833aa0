"""The example in docs/live.md, run as it stands there."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.servers import ROOT
from tests.live.site import Site


def test_the_python_example_prints_what_happens(site: Site, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "live.md").read_text()
    program = tmp_path / "watch.py"
    program.write_text(text.split("```python\n")[1].split("```")[0])
    command = [sys.executable, str(program), site.origin, site.key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "hello {}\n"
            site.write_events(1)
            line = process.stdout.readline()
            assert json.loads(line.removeprefix("told ").replace("'", '"'))["n"] == 0
        finally:
            process.kill()
