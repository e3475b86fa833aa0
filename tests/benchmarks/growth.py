"""`python -m tests.benchmarks.growth [MOST]`: what a row costs as files grow, 10,000 to MOST rows.

Scores files of 10^4, 10^5 … rows (10^6 unless MOST says more) by `manage.py score` on one core and
draws var/growth.svg. A file without rows shows the start-up, which is taken off.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.bulk import MODEL, score_file
from tests.benchmarks.many_leads import write_leads
from tests.benchmarks.predict import installed
from tests.benchmarks.servers import ROOT

FEWEST, MOST = 10**4, 10**6
STYLE = (
    "<style>text{font:12px sans-serif}.plot-line{fill:none;stroke:#2563eb;stroke-width:2}</style>"
)


def measure(most: int) -> list[tuple[int, float, float]]:
    """Rows, microseconds a row and peak MB for each size; prints a line each."""
    found = []
    with installed(MODEL, postgres=True) as installation:
        source, output = (installation.folder / name for name in ("leads.csv", "scores.csv"))
        write_leads(source, 1)
        start_up = min(score_file(installation, str(source), str(output)).seconds for _ in range(3))
        print(f"start-up {start_up:.2f} s, {MODEL}")
        rows = FEWEST
        while rows <= most:
            write_leads(source, rows)
            runs = [score_file(installation, str(source), str(output)) for _ in range(3)]
            best = min(run.seconds for run in runs) - start_up
            megabytes = max(run.megabytes for run in runs)
            found.append((rows, 1e6 * best / rows, megabytes))
            print(
                f"{rows:>12,} rows {1e6 * best / rows:8.2f} us a row {megabytes:6.0f} MB",
                flush=True,
            )
            rows *= 10
    return found


def draw(found: list[tuple[int, float, float]], path: Path) -> None:
    """Microseconds a row over the rows, which grow tenfold a step."""
    width, height, left, bottom = 420, 220, 50, 30
    top = max(cost for _, cost, _ in found) * 1.2
    step = (width - left - 30) / max(len(found) - 1, 1)
    places = [
        (left + 10 + number * step, (height - bottom) * (1 - cost / top), rows, cost)
        for number, (rows, cost, _) in enumerate(found)
    ]
    points = " ".join(f"{x:.0f},{y:.0f}" for x, y, _, _ in places)
    labels = "".join(
        f'<text x="{x:.0f}" y="{height - 10}" text-anchor="middle">{rows:,}</text>'
        f'<text x="{x:.0f}" y="{y - 8:.0f}" text-anchor="middle">{cost:.1f}</text>'
        for x, y, rows, cost in places
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'aria-label="Microseconds a row by rows of the file">{STYLE}'
        f'<text x="4" y="14">µs a row</text><polyline class="plot-line" points="{points}"/>'
        f"{labels}</svg>\n"
    )


if __name__ == "__main__":
    picture = ROOT / "var" / "growth.svg"
    picture.parent.mkdir(exist_ok=True)
    draw(measure(int(sys.argv[1]) if len(sys.argv) > 1 else MOST), picture)
    print(picture)
