"""`python -m tests.benchmarks.quality [bank] [salvirt] [--docs]`: predictions beside others'.

Prints a table a set and writes var/quality.json; --docs puts the tables into docs/modelling.md.
The sets are looked for in LEADSCORING_DATA.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import Any

import numpy as np

from tests.benchmarks.quality.automl import NotInstalled
from tests.benchmarks.quality.contenders import CONTENDERS
from tests.benchmarks.quality.figures import figures
from tests.benchmarks.quality.parts import SETS
from tests.benchmarks.servers import ROOT

OUTPUT = ROOT / "var" / "quality.json"
DOCS = ROOT / "docs" / "modelling.md"
START, END = "<!-- quality: {} -->", "<!-- end of quality: {} -->"
COLUMNS = (
    ("log loss", "logLoss", 4),
    ("behind the best", "behindBest", 4),
    ("ROC AUC", "rocAuc", 3),
    ("Brier", "brier", 4),
    ("calibration slope", "calibrationSlope", 2),
)


def run(name: str) -> dict[str, Any]:
    """Everybody's figures and seconds on a set."""
    parts = list(SETS[name]())
    said: dict[str, list[np.ndarray]] = {}
    seconds: dict[str, float] = {}
    for contender, predict in CONTENDERS.items():
        start = time.perf_counter()
        try:
            said[contender] = [np.asarray(predict(part)) for part in parts]
        except NotInstalled:
            print(f"  {contender}: not installed, see `make help`", flush=True)
            continue
        except subprocess.CalledProcessError:
            # It gives up where it is out of time, which is no reason to lose the others' figures.
            print(f"  {contender}: failed, see above", flush=True)
            said.pop(contender, None)
            continue
        seconds[contender] = time.perf_counter() - start
        print(f"  {name}, {contender}: {seconds[contender]:.1f} s", flush=True)
    label = [part.later.label for part in parts]
    measured = figures(label, [part.group for part in parts], said)
    return {
        "rows": sum(map(len, label)),
        "won": float(np.concatenate(label).mean()),
        "parts": [[len(part.past), len(part.later)] for part in parts],
        "contenders": {
            contender: {**each, "seconds": seconds[contender]}
            for contender, each in measured.items()
        },
    }


def table(found: dict[str, Any]) -> list[str]:
    """As Markdown, the least log loss first."""
    head = ["", *(title for title, _, _ in COLUMNS), "seconds"]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    by_loss = sorted(found["contenders"].items(), key=lambda each: each[1]["logLoss"]["value"])
    for name, figure in by_loss:
        cells = [_cell(figure[key], places) for _, key, places in COLUMNS]
        lines.append(f"| {name} | {' | '.join(cells)} | {figure['seconds']:.0f} |")
    return lines


def _cell(figure: dict[str, float], places: int) -> str:
    value, low, high = (figure[key] for key in ("value", "low", "high"))
    if np.isnan(value):
        return "–"
    return f"{value:.{places}f} ({low:.{places}f} to {high:.{places}f})"


def write_docs(results: dict[str, Any]) -> None:
    """Put each set's table between its marks."""
    text = DOCS.read_text()
    for name, found in results.items():
        start, end = START.format(name), END.format(name)
        before, _, rest = text.partition(start)
        after = rest.partition(end)[2]
        text = "\n".join([before + start, "", *table(found), "", end + after])
    DOCS.write_text(text)


def main(arguments: list[str]) -> None:
    """Measure the sets that are named, or all."""
    docs = "--docs" in arguments
    names = [each for each in arguments if each != "--docs"] or list(SETS)
    results = json.loads(OUTPUT.read_text()) if OUTPUT.exists() else {}
    for name in names:
        found = results[name] = run(name)
        print(f"{name}: {found['rows']:,} rows that came later, {found['won']:.1%} won")
        print("\n".join(table(found)), flush=True)
        OUTPUT.parent.mkdir(exist_ok=True)
        OUTPUT.write_text(json.dumps(results, indent=2) + "\n")
    if docs:
        write_docs({name: results[name] for name in names})


if __name__ == "__main__":
    main(sys.argv[1:])
