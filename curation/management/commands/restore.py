"""Bring back a site from the file that `backup` made."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.backup import restoring
from curation.errors import Refusal


class Command(BaseCommand):
    help = "Check an archive, then make database and files what they were. All or nothing. Run by the owner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--replace", action="store_true", help="though the site holds something: it is lost")

    def handle(self, *args: Any, archive: Path, replace: bool, **options: Any) -> None:
        try:
            done = restoring.restore(archive, replace=replace)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename or archive} cannot be read or written ({error.strerror}).") from error
        migrated = f", {done.migrated} migrations later" if done.migrated else ""
        self.stdout.write(
            f"The site is what it was at {done.site.made_at}{migrated}, with {done.files} files. Its audit trail holds."
        )
        if done.heads_aside:
            self.stdout.write(f"Heads kept outside told of another trail; they are now in {done.heads_aside}.")
