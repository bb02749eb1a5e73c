"""Put the whole site into one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from curation.backup import taking
from curation.errors import Refusal


class Command(BaseCommand):
    help = "Write the database and all kept files into one archive that `restore` reads, while the site works on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, metavar="FOLDER|FILE", help="the archive, or the folder for one named by the time"
        )

    def handle(self, *args: Any, target: Path, **options: Any) -> None:
        try:
            taken = taking.take(target)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        except OSError as error:
            raise CommandError(f"{error.filename or target} cannot be written ({error.strerror}).") from error
        for name in taken.left_out:
            self.stderr.write(f"Left out, because it is not what its name says (damaged, or still being written): {name}")
        sealed = f"the audit trail sealed to event {taken.site.last_event} ({taken.site.digest})"
        self.stdout.write(f"{taken.path}: {taken.size:,} bytes, {taken.files} files, {sealed}.")
