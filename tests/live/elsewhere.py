"""Another process with Django loaded, which runs what it is handed without a start for each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.installation import Installation
from tests.benchmarks.servers import ROOT

_LOOP = """
import contextlib, io, json, sys, traceback
import django
django.setup()
for line in sys.stdin:
    told, problem = io.StringIO(), ""
    with contextlib.redirect_stdout(told):
        try:
            exec(json.loads(line), {})
        except BaseException:
            problem = traceback.format_exc()
    print(json.dumps([told.getvalue(), problem]), flush=True)
"""


class Elsewhere:
    """What it runs is committed before `run` returns."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._to, self._from = process.stdin, process.stdout

    def run(self, code: str) -> str:
        """Run this Python; what it printed. Raises RuntimeError with its traceback."""
        self._to.write(json.dumps(code) + "\n")
        self._to.flush()
        printed, problem = json.loads(self._from.readline())
        if problem:
            raise RuntimeError(problem)
        return str(printed)

    def manage(self, *arguments: str) -> str:
        """A management command; what it printed."""
        call = f"from django.core.management import call_command\ncall_command(*{arguments!r})"
        return self.run(call)


@contextmanager
def elsewhere(installation: Installation) -> Iterator[Elsewhere]:
    """On the installation's database, until the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", _LOOP],
        cwd=ROOT,
        env={**os.environ, **installation.environment, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Elsewhere(process)
        finally:
            process.terminate()
