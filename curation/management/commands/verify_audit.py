"""Tell whether anybody altered the audit trail, or a curated table past it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.models import AuditEvent, AuditSeal
from curation.safekeeping import rights, verifying


class Command(BaseCommand):
    help = "Check guards, seals, heads kept outside, the order of events and the tables they tell of. Exit code 1 on a fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--heads", type=Path, metavar="FILE", help="the digests kept outside; AUDIT_HEADS otherwise")

    def handle(self, *args: Any, heads: Path | None, **options: Any) -> None:
        if heads and not heads.exists():
            raise CommandError(f"There is no file {heads}.")
        if found := list(verifying.faults(heads)):
            raise CommandError("The audit trail does not hold:\n  " + "\n  ".join(found))
        events, seals = AuditEvent.objects.count(), AuditSeal.objects.count()
        self.stdout.write(f"The audit trail holds: {events} events, {seals} seals.")
        if not rights.are_limited():
            self.stdout.write("This connection's role could alter it; DATABASE_URL of the site should name a limited one.")
