"""Score all open leads, or the rows of a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from crm.importing.options import add_mapping_arguments
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.progress import Bar
from leadscoring.plurals import count_of
from scoring.management.base import ScoringCommand
from scoring.ml.model_types import MODEL_TYPES
from scoring.services.rescore import leads_rescore
from scoring.services.score_file import file_score


class Command(ScoringCommand):
    """Bring scores up to date."""

    help = (
        "Score all open leads and store their scores; or, with --input and --output, the rows of "
        "a file, of which nothing is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--model-type", choices=MODEL_TYPES, help="Score with this type, not the champion."
        )
        parser.add_argument("--input", type=Path, metavar="FILE", help="Score the rows of this.")
        parser.add_argument("--output", type=Path, metavar="FILE", help="Where to: a CSV file.")
        add_mapping_arguments(parser)

    def handle(self, **options: Any) -> None:
        source, output = options["input"], options["output"]
        if source is None and output is None:
            self._score_leads(options["model_type"])
        elif source is None or output is None:
            raise CommandError("To score a file, give both --input FILE and --output FILE.")
        elif output.suffix != ".csv":
            raise CommandError(f"{output} must end with .csv: the scores are written as CSV.")
        elif source.exists() and output.exists() and output.samefile(source):
            raise CommandError("--output would replace --input: give it another name.")
        else:
            try:
                self._score_file(source, output, options)
            except ImportProblem as problem:
                raise CommandError(problem.message) from None
            except OSError as error:
                raise CommandError(f"{output} cannot be written: {error.strerror}.") from error

    def _score_leads(self, model_type: str | None) -> None:
        with tqdm(desc="Scoring", unit=" leads", disable=None) as bar:

            def progress(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            found = leads_rescore(model_type=model_type, progress=progress)
        self.stdout.write(
            f"Scored {count_of(found.leads, 'open lead')} with version {found.version}; "
            f"another score or version than before: {found.changed:,}."
        )

    def _score_file(self, source: Path, output: Path, options: dict[str, Any]) -> None:
        with Bar("Looking through") as bar:
            plan = TablePlan.from_options(source, options, bar, repeats=False)
        with Bar("Scoring") as bar:
            found = file_score(
                path=source,
                output=output,
                plan=plan,
                model_type=options["model_type"],
                progress=bar,
            )
        self.stdout.write(
            f"Scored {count_of(found.scored, 'row')} with version {found.version}: {output}"
        )
        if found.rejected:
            rows = count_of(found.rejected, "row")
            self.stdout.write(f"{rows} cannot be scored; see why in {found.rejected_to}")
