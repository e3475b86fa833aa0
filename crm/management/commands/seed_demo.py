"""manage.py seed_demo: a sales team's two years that never were."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from crm.days import today
from crm.demo.store import demo_flush, demo_seed
from crm.models import Lead, Outcome
from leadscoring.commands import LightCommand


class Command(LightCommand):
    """Load demo data, or take it out again."""

    help = (
        "Load demo leads with their history and outcomes over the two years that end today. "
        "They have the source “Demo data” and ids that start with “demo-”. Leads that are "
        "there already stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--leads", type=int, default=4_000, help="How many (4,000).")
        parser.add_argument("--seed", type=int, default=0, help="Another seed, other leads (0).")
        parser.add_argument(
            "--flush", action="store_true", help="Only erase all demo leads, of every seed."
        )

    def handle(self, *, leads: int, seed: int, flush: bool, **_options: Any) -> None:
        if leads < 1:
            raise CommandError("--leads must be at least 1.")
        if flush:
            with self.bar("Erasing", Lead.objects.filter(source=Lead.Source.DEMO).count()) as bar:
                erased = demo_flush(progress=bar.update)
            self.stdout.write(f"Erased {erased:,} demo leads.")
            return
        with self.bar("Demo leads", leads) as bar:
            created = demo_seed(leads=leads, seed=seed, today=today(), progress=bar.update)
        self.report(created, leads)

    def bar(self, title: str, total: int) -> tqdm[Any]:
        """A progress bar on a terminal, nothing in a log."""
        return tqdm(desc=title, total=total, unit=" leads", file=self.stderr, disable=None)

    def report(self, created: int, leads: int) -> None:
        """What there is now, and what to do with it."""
        if not created:
            self.stdout.write(f"All {leads:,} demo leads are there already: nothing was changed.")
            return
        demo = Lead.objects.filter(source=Lead.Source.DEMO)
        results = Outcome.Result
        counts = ", ".join(
            f"{demo.filter(outcome__result=result).count():,} {result.value}" for result in results
        )
        self.stdout.write(
            f"Created {created:,} demo leads ({leads - created:,} were there already).\n"
            f"Demo leads in all: {demo.count():,}: {counts}, {demo.open().count():,} open.\n"
            "Next: manage.py retrain learns from them, manage.py score scores the open ones.\n"
            "manage.py seed_demo --flush takes them out again."
        )
