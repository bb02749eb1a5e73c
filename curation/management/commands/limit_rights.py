"""Give the site a database role of its own, which can read the audit trail and never alter it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curation.errors import Refusal
from curation.safekeeping import rights


class Command(BaseCommand):
    help = "Make the role that DATABASE_URL names and grant it what the site needs. Run by the owner, after each migration."

    def handle(self, *args: Any, **options: Any) -> None:
        role, password = settings.SITE_DATABASE["USER"], settings.SITE_DATABASE["PASSWORD"]
        try:
            rights.limit(role, password=password)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        if options["verbosity"]:
            self.stdout.write(f"The role {role} may work on every table, and only read the audit trail.")
