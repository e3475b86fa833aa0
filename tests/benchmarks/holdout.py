"""`python -m tests.benchmarks.holdout [NAME]`: what held-back leads say of us and of plain models.

Each set is cut in two; the product imports the first part, retrains and scores the second, all by
its commands. Beside it: always naming the share won, and scikit-learn's defaults on the same rows,
one-hot, without the column that leaks. The real sets are looked for in LEADSCORING_DATA.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from tests.benchmarks.holdout_peers import peer_probabilities
from tests.benchmarks.installation import Installation, scratch_installation
from tests.benchmarks.servers import ROOT

FOLDER = Path(os.environ.get("LEADSCORING_DATA", ROOT.parent / "shared" / "data"))
BANK_ROWS = 18_500
FOLDS = 4


@dataclass
class Judged:
    """Held-back rows: what came of them, and what each model had said; `notes` on training."""

    won: list[np.ndarray] = field(default_factory=list)
    said: dict[str, list[np.ndarray]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def add(self, won: np.ndarray, said: dict[str, np.ndarray]) -> None:
        """More rows (n,) and each model's probabilities for them (n,)."""
        self.won.append(won)
        for name, probabilities in said.items():
            self.said.setdefault(name, []).append(probabilities)

    def lines(self) -> Iterator[str]:
        """A line for each model."""
        won = np.concatenate(self.won)
        for name, parts in self.said.items():
            said = np.concatenate(parts)
            # Of folds with their own base rates, ranks mean something only within a fold.
            auc = np.mean([roc_auc_score(*each) for each in zip(self.won, parts, strict=True)])
            yield f"  {name:24}{auc:10.3f}{log_loss(won, said):12.4f}"


def bank() -> Judged:
    """Phone leads of a bank, in order of time: the first 18,500 teach."""
    table = _read("bank_marketing.csv.gz")
    flags = ["--id", "lead_id", "--seen-on", "contacted_on"]
    flags += ["--map", "industry=job", "--map", "interactions=campaign"]
    outcome = ["--outcome", "y", "--won", "yes", "--lost", "no"]
    judged = Judged()
    unknown = ["lead_id", "contacted_on", "duration", "y"]
    past, later = table[:BANK_ROWS], table[BANK_ROWS:]
    _judge(judged, past, later, [*flags, *outcome], target="y", won="yes", without=unknown)
    return judged


def salvirt() -> Judged:
    """B2B opportunities without dates: four folds, rows that look alike in the same one."""
    table = _read("salvirt_b2b.csv")
    features = table.drop(columns=["lead_id", "Status"])
    alike = features.groupby(list(features.columns)).ngroup().to_numpy()
    order = np.random.default_rng(0).permutation(alike.max() + 1)
    fold = order[alike] % FOLDS
    flags = ["--id", "lead_id", "--map", "size=Comp_size"]
    flags += ["--outcome", "Status", "--won", "Won", "--lost", "Lost"]
    judged = Judged()
    for number in range(FOLDS):
        past, later = table[fold != number], table[fold == number]
        _judge(
            judged, past, later, flags, target="Status", won="Won", without=["lead_id", "Status"]
        )
    return judged


def demo() -> Judged:
    """The demo CRM: what was known 210 days ago teaches, leads that came later judge."""
    judged = Judged()
    with scratch_installation() as installation:
        installation.manage("seed_demo")
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.holdout_demo", str(installation.folder)],
            cwd=ROOT,
            env={
                **os.environ,
                **installation.environment,
                "DJANGO_SETTINGS_MODULE": "leadscoring.settings",
            },
            check=True,
        )
        past, later = (
            pd.read_parquet(installation.folder / f"{name}.parquet") for name in ("past", "later")
        )
    report = ["label", "weight", "product"]
    peers = peer_probabilities(
        past.drop(columns=report, errors="ignore"),
        past["label"].to_numpy(),
        later.drop(columns=report),
        past["weight"].to_numpy(),
    )
    judged.add(later["label"].to_numpy(), {"product": later["product"].to_numpy(), **peers})
    return judged


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, keep_default_na=False)


def _judge(
    judged: Judged,
    past: pd.DataFrame,
    later: pd.DataFrame,
    flags: list[str],
    *,
    target: str,
    won: str,
    without: list[str],
) -> None:
    labels = [(part[target] == won).to_numpy().astype(int) for part in (past, later)]
    with scratch_installation() as installation:
        ours = _product(installation, past, later.drop(columns=target), flags, judged)
    peers = peer_probabilities(past.drop(columns=without), labels[0], later.drop(columns=without))
    judged.add(labels[1], {"product": ours, **peers})


def _product(
    installation: Installation,
    past: pd.DataFrame,
    later: pd.DataFrame,
    flags: list[str],
    judged: Judged,
) -> np.ndarray:
    """What the product says of `later` (n,), having learned from `past`."""
    folder = installation.folder
    past.to_csv(folder / "past.csv", index=False)
    later.to_csv(folder / "later.csv", index=False)
    seconds = [time.perf_counter()]
    installation.manage("import_leads", str(folder / "past.csv"), *flags)
    seconds.append(time.perf_counter())
    installation.manage("retrain", "--json", str(folder / "report.json"))
    seconds.append(time.perf_counter())
    report = json.loads((folder / "report.json").read_text())
    chosen = next(each for each in report["versions"] if each["number"] == report["finalist"])
    if report["champion"] is None:
        installation.manage("promote", str(report["finalist"]), "--reason", "to be judged")
    mapping = flags[: flags.index("--outcome")]
    files = ["--input", str(folder / "later.csv"), "--output", str(folder / "scores.csv")]
    installation.manage("score", *files, *mapping)
    seconds.append(time.perf_counter())
    leaks = [leak["column"] for leak in report["leaks"] if leak["quarantined"]]
    took = ", ".join(f"{seconds[i + 1] - seconds[i]:.0f} s" for i in range(3))
    judged.notes.append(
        f"{len(past):,} rows taught, {len(later):,} judged; {chosen['modelType']} "
        f"{'passed' if report['champion'] else 'was held back by'} the gate; left "
        f"out as leaking: {', '.join(leaks) or 'nothing'}; by time: {report['split']['by_time']}; "
        f"import, retrain, score took {took}"
    )
    scores = pd.read_csv(folder / "scores.csv").set_index("id")
    return np.asarray(scores.loc[later["lead_id"], "conversionProbability"])


SETS = {"bank": bank, "salvirt": salvirt, "demo": demo}


def main(names: list[str]) -> None:
    """Print a table for each of the sets."""
    for name in names or SETS:
        judged = SETS[name]()
        won = np.concatenate(judged.won)
        print(f"{name}: {len(won):,} held-back rows, {won.mean():.1%} won")
        print(f"  {'':24}{'ROC AUC':>10}{'log loss':>12}")
        print("\n".join([*judged.lines(), *(f"  ({note})" for note in judged.notes)]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
