"""Rebuild the curated tables from the audit trail alone, and compare them with those in use."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.errors import Refusal
from curation.safekeeping import replaying


class Command(BaseCommand):
    help = "Replay the audit trail into a schema of its own and compare. Exit code 1 where they differ. Run by the owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--schema", default=replaying.SCHEMA, help=f"the schema to make ({replaying.SCHEMA})")
        parser.add_argument("--keep", action="store_true", help="leave the schema there, to recover rows from")

    def handle(self, *args: Any, schema: str, keep: bool, **options: Any) -> None:
        try:
            done = replaying.replay(schema=schema, keep=keep)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        for table in done:
            note = "" if table.is_equal else f"; {table.only_here} told otherwise, {table.only_there} found otherwise"
            self.stdout.write(f"{table.table}: {table.rows} rows{note}")
        if not all(table.is_equal for table in done):
            raise CommandError("The tables in use are not what the trail tells.")
