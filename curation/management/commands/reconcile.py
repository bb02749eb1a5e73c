"""Find unfinished imports whose bell was lost or whose worker died, and have them run."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from curation import tasks


class Command(BaseCommand):
    help = "Give back what dead workers had claimed, and ring for every unfinished import. Also done by the schedule."

    def add_arguments(self, parser: ArgumentParser) -> None:
        seconds = tasks.CLAIM.total_seconds()
        parser.add_argument("--older-than", type=float, default=seconds, metavar="SECONDS", help="age of a dead worker's claim")

    def handle(self, *args: Any, older_than: float, **options: Any) -> None:
        rung = tasks.reconcile(older_than)
        self.stdout.write(f"Imports that run on: {', '.join(map(str, rung)) or 'none was left behind'}.")
