"""The first requests of a process may come at once: none may bring it down."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# Kinds that nobody has read before, each read by four threads at once.
AT_ONCE = """
import sys
from threading import Barrier, Thread
from typing import Annotated

import django
import msgspec

django.setup()
from leadscoring.api.decoding import decode, decode_json

sys.setswitchinterval(1e-6)
NAMES = [f"f{number}" for number in range(10)]
LIMITED = Annotated[int, msgspec.Meta(ge=0)] | None
body = {"leads": [{name: 1 for name in NAMES}] * 30}
read = {"decode": lambda kind: decode(body, kind),
        "decode_json": lambda kind: decode_json(msgspec.json.encode(body), kind)}[sys.argv[1]]
for _ in range(100):
    lead = msgspec.defstruct("Lead", [(name, LIMITED, None) for name in NAMES])
    kind = msgspec.defstruct("Kind", [("leads", list[lead]), *((n, LIMITED, None) for n in NAMES)])
    together = Barrier(4)
    answers = []

    def ask():
        together.wait()
        answers.append(read(kind))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4 and all(each == answers[0] for each in answers)
"""


@pytest.mark.parametrize("read", ["decode", "decode_json"])
def test_first_requests_at_once_are_all_answered(read: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, read],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
