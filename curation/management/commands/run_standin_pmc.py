"""Run the tests' stand-in for PMC's open-access bucket: set PMC_OA_BASE_URL to what it prints."""

import time
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

#: Named and not imported: the tests may be left out of an installation, and they use the commands.
SERVER = "curation.tests.standin.bucket"
RECORDED = Path(__file__).parents[2] / "tests" / "data" / "jats"


class Command(BaseCommand):
    help = "Hand out full texts (PMC….xml) and the pictures in the folder of the same name beside each, as PMC's bucket does."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=RECORDED, help="of JATS files named by their PMCIDs")
        parser.add_argument("--port", type=int, default=0, help="any free one otherwise")

    def handle(self, *args: Any, folder: Path, port: int, **options: Any) -> None:
        with import_module(SERVER).Bucket(port) as bucket:
            bucket.fill(folder)
            self.stdout.write(f"PMC_OA_BASE_URL={bucket.url}  ({len(bucket.objects)} objects; Ctrl-C ends it)")
            self.stdout.flush()
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                self.stdout.write("")
