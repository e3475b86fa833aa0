"""The command line flags that say what the columns of a file mean."""

from __future__ import annotations

from argparse import ArgumentParser

REST = "rest"
NONE = "none"


def add_mapping_arguments(parser: ArgumentParser) -> None:
    """How the file is read and which column is what, but for outcomes."""
    columns = parser.add_argument_group("which column is what")
    columns.add_argument(
        "--id", default="id", metavar="COL", help="the lead's id in your system (default: id)"
    )
    columns.add_argument(
        "--seen-on",
        metavar="COL",
        help="the day on which the lead was as the row says; without it nobody knows the day",
    )
    columns.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COL",
        help="the column that holds name, company, industry, size, email, position, lastContact, "
        "budget, previousPurchases or interactions; repeat it for more. A column named like a "
        "field is that field without being told; FIELD= alone says that it is not",
    )
    columns.add_argument(
        "--attributes",
        default=REST,
        metavar="rest|none|COL,COL",
        help="your own columns to keep with the lead, which become features: all that have no "
        "other use (rest, the default), none, or these",
    )
    columns.add_argument(
        "--date-format",
        action="append",
        default=[],
        metavar="COL=FMT",
        help="how a column writes its dates, e.g. seen=%%d/%%m/%%Y; only needed where the "
        "column itself does not show it",
    )
    file = parser.add_argument_group("how the file is written (found out if not given)")
    file.add_argument("--sheet", default="", help="the sheet of an Excel workbook; else the first")
    file.add_argument("--delimiter", default="", help="between the cells of a CSV file; tab: '\\t'")
    file.add_argument("--encoding", default="", help="of a CSV file, e.g. cp1252; else UTF-8")


def add_outcome_arguments(parser: ArgumentParser) -> None:
    """Which columns say what became of the leads."""
    outcomes = parser.add_argument_group("what became of the leads")
    outcomes.add_argument("--outcome", metavar="COL", help="the column that says it")
    for result, meaning in (
        ("won", "won"),
        ("lost", "lost"),
        ("disqualified", "never really a lead"),
    ):
        outcomes.add_argument(
            f"--{result}",
            action="append",
            default=[],
            metavar="VALUE",
            help=f"a value of it that means {meaning}, in any case; repeat it for more. '*' is any "
            "value that is not named: --outcome 'Won on' --won '*' where only won leads have a day",
        )
    outcomes.add_argument("--outcome-on", metavar="COL", help="the day it was won or lost")
    outcomes.add_argument("--value", metavar="COL", help="what a won lead was worth")
