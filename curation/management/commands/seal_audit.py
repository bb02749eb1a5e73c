"""Seal what the audit trail has gained; the schedule does the same."""

from typing import Any

from django.core.management.base import BaseCommand

from curation.safekeeping import sealing


class Command(BaseCommand):
    help = "Chain a digest over the audit trail's new events, and write its head to the log and to AUDIT_HEADS."

    def handle(self, *args: Any, **options: Any) -> None:
        made = sealing.seal()
        self.stdout.write(f"Sealed to event {made.last_event}: {made.digest}" if made else "Nothing was to be sealed.")
