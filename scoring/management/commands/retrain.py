"""Train from what became of leads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from scoring.errors import NotEnoughData
from scoring.files import replacing
from scoring.management.base import ScoringCommand
from scoring.ml.model_types import MODEL_TYPES
from scoring.outcome_window import MOST_DAYS, window_in_use
from scoring.services.card_report import card_report_json, card_report_text
from scoring.services.corrected_card import scorecard_correct
from scoring.services.due import retrain_is_due
from scoring.services.report import report_json, report_text
from scoring.services.retrain import Progress, model_retrain

# What is done, how far, since when, and how long it will still take.
BAR = "{l_bar}{bar}| {elapsed}, {remaining} left"


class Command(ScoringCommand):
    """Train every model type; the gate decides on the champion."""

    help = (
        "Train every model type from the outcomes, register a version of each and promote the "
        "best if it passes the gate. With too few outcomes for that they correct the scorecard. "
        "Exit code 0: trained (or not needed), 3: refused for lack of data, 4: another retrain is "
        "running."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--model-type",
            action="append",
            choices=MODEL_TYPES,
            dest="model_types",
            help="Train only this type (repeatable).",
        )
        parser.add_argument(
            "--no-promote", action="store_true", help="Leave the champion, whatever the gate says."
        )
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="Train only if at least 20 leads, and 5 %% of those that the latest version "
            "learned from, can newly be judged; or any, while there is but a scorecard.",
        )
        for flag, meaning in (
            ("--keep", "Use this column although it seems to know too much (repeatable)."),
            ("--drop", "Do not use this column (repeatable)."),
        ):
            parser.add_argument(flag, action="append", default=[], metavar="COL", help=meaning)
        parser.add_argument(
            "--window",
            type=int,
            metavar="DAYS",
            help="From now on a lead counts as converted if won within so many days. Asks first: "
            "the new versions answer another question than those before.",
        )
        parser.add_argument("--yes", action="store_true", help="Change the window without asking.")
        parser.add_argument("--seed", type=int, default=0, help="The same seed, the same models.")
        parser.add_argument(
            "--budget",
            type=float,
            metavar="SECONDS",
            help="Leave out the costliest types when most of this time is over (a minute "
            "for up to 50,000 rows, in proportion for more).",
        )
        parser.add_argument("--json", type=Path, metavar="FILE", help="Write the report there too.")

    def handle(self, *, if_needed: bool, window: int | None, yes: bool, **options: Any) -> None:
        if window is not None and not _agreed(window, yes):
            self.stdout.write("Nothing was trained, the window is as it was.")
            return
        if if_needed and window is None and not (due := retrain_is_due()).due:
            self.stdout.write(f"Not needed yet. {due.reason}")
            return
        with tqdm(total=100, disable=None, bar_format=BAR) as bar:

            def progress(stage: str, share: float) -> None:
                bar.set_description(stage, refresh=False)
                bar.n = round(100 * share)
                bar.refresh()

            text, found = _train({**options, "window": window}, progress)
        self.stdout.write(text)
        if options["json"] is not None:
            _write(options["json"], found)


def _agreed(days: int, yes: bool) -> bool:
    """Whether the window may be changed. Raises CommandError for no window, or nobody to ask."""
    if not 1 <= days <= MOST_DAYS:
        raise CommandError(f"--window must be from 1 to {MOST_DAYS} days.")
    before = window_in_use()
    if yes or days == before:
        return True
    question = (
        f"A lead counts as converted if won within {before} days. From now on within {days}? "
        "Scores of before and after are then not of the same thing. [y/N] "
    )
    try:
        return input(question).strip().lower() == "y"
    except EOFError:
        raise CommandError("Nobody is there to ask: say --yes to change the window.") from None


def _train(options: dict[str, Any], progress: Progress) -> tuple[str, dict[str, Any]]:
    """The report, as text and as JSON: of models, or of the scorecard if there is too little."""
    promote, seed = not options["no_promote"], options["seed"]
    try:
        report = model_retrain(
            model_types=options["model_types"] or MODEL_TYPES,
            promote=promote,
            keep=options["keep"],
            drop=options["drop"],
            window=options["window"],
            seed=seed,
            budget=options["budget"],
            progress=progress,
        )
    except NotEnoughData as error:
        if options["model_types"] or options["window"]:
            raise
        corrected = scorecard_correct(why=error.message, promote=promote, seed=seed)
        return card_report_text(corrected), card_report_json(corrected)
    return report_text(report), report_json(report)


def _write(path: Path, report: dict[str, Any]) -> None:
    try:
        with replacing(path) as temporary:
            temporary.write_text(json.dumps(report, indent=2) + "\n")
    except OSError as error:
        # The versions are stored all the same: only this file is missing.
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
