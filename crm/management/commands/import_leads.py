"""Import leads, their earlier states and their outcomes from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from crm.importing.load import LoadSummary, load_leads
from crm.importing.options import add_mapping_arguments, add_outcome_arguments
from crm.importing.plan import TablePlan
from crm.importing.problems import ImportProblem
from crm.importing.progress import Bar
from crm.importing.rejects import RejectedFile, rejected_path
from crm.importing.report import describe_first_rows, describe_plan, describe_summary
from leadscoring.commands import CommandWithNotes, database_failure
from leadscoring.plurals import count_of

NOTES = """
examples:
  See how a file would be read, without changing anything:
    manage.py import_leads leads.csv --id lead_id --dry-run

  Leads with the day each became known, and what became of them:
    manage.py import_leads leads.xlsx --id Number --seen-on Created \\
        --map industry=Branch --map lastContact="Last call" --map budget=Volume \\
        --outcome Status --won "Closed won" --lost "Closed lost" \\
        --outcome-on Closed --value Amount

  A column that does not show whether 03/04/2025 is in March or in April:
    ... --date-format "Created=%d/%m/%Y"

how it is read:
  The same id with another --seen-on day is another state of the same lead, kept in its
  history on that day. The same id and day again: the later row counts. A file that is imported
  again changes nothing, so an import that broke off is simply started again.
  Words such as unknown, n/a, - or Select are read as "not known" in every column. Other
  values of the outcome column leave the lead open; the summary counts them.
  "1,234.50", "1.234,50", "25 000 EUR" and "12 %" are numbers. Three digits behind a single
  separator (25.000) are thousands, unless other values of the column show that they are decimals.
  A column of your own is read as numbers or dates if at least 95 % of its values are such; the
  others stay what they are. Where a date is expected, a number is one as Excel counts days, or
  in seconds or milliseconds since 1970.
  A column named like a field that holds something else (budget: high, low) becomes your own.
  Titles above the row of names are passed over; a line of totals is rejected. Of two columns of
  one name the second is "name (2)". Of more than 200 columns the empty ones are left out. Notes are
  cut to 1,000 characters.
  JSON: members of objects become columns "parent.child", a list of texts becomes one text.
  A file that is not UTF-8 is read as UTF-16 or cp1252 if it looks like that.
  Rows that cannot be are left out, one by one, and written with the reason to
  FILE.rejected.csv, which can be mended and imported with the same flags.

exit status:
  0 imported, even if some rows were rejected; 1 nothing could be imported, or it broke off;
  2 wrong flags; 130 interrupted.
"""


class Command(CommandWithNotes):
    help = "Import leads from a CSV or NDJSON (also .gz), Parquet or Excel file."
    notes = NOTES

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        add_mapping_arguments(parser)
        add_outcome_arguments(parser)
        parser.add_argument("--dry-run", action="store_true", help="show it, change nothing")
        parser.add_argument(
            "--rejected", type=Path, help="where rejected rows go (default: FILE.rejected.csv)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        summary = LoadSummary()
        try:
            self._import(options["file"], summary, options)
        except ImportProblem as problem:
            raise CommandError(f"{problem.message}{_so_far(summary)}") from None
        except DatabaseError as error:
            raise CommandError(f"{database_failure(error)}{_so_far(summary)}") from None
        except KeyboardInterrupt:
            raise CommandError(f"Interrupted.{_so_far(summary)}", returncode=130) from None
        if summary.useless:
            raise CommandError("No row could be imported.")

    def _import(self, path: Path, summary: LoadSummary, options: dict[str, Any]) -> None:
        dry_run: bool = options["dry_run"]
        with Bar("Looking through") as bar:
            plan = TablePlan.from_options(path, options, bar)
        self.stdout.write("\n".join([f"{path} is read like this:", *describe_plan(plan)]))
        if dry_run:
            self.stdout.write("\n".join(["First rows:", *describe_first_rows(path, plan)]))
            with Bar("Trying") as bar:
                load_leads(path=path, plan=plan, dry_run=True, progress=bar, summary=summary)
            self.stdout.write(describe_summary(summary, None, dry_run=True))
            return
        target: Path = options["rejected"] or rejected_path(path)
        if target.resolve() == path.resolve():
            raise ImportProblem("--rejected names the file that is imported: choose another.")
        with RejectedFile(target, plan.header) as rejected, Bar("Importing") as bar:
            load_leads(path=path, plan=plan, rejected=rejected, progress=bar, summary=summary)
        self.stdout.write(describe_summary(summary, target, dry_run=False))


def _so_far(summary: LoadSummary) -> str:
    taken = summary.created + summary.updated + summary.unchanged
    if not taken:
        return " Nothing was imported."
    return (
        f" Stored so far: {count_of(taken, 'row')}. Start the same import again to go on: it "
        "recognises them and stores nothing twice."
    )
