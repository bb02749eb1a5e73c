"""Run the tests' stand-in for NCBI, so that a site can be tried without the network: set NCBI_BASE_URL to what it prints."""

import time
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

#: Named and not imported: the tests may be left out of an installation, and they use the commands.
SERVER = "curation.tests.standin.server"
RECORDED = Path(__file__).parents[2] / "tests" / "data" / "pubmed"


class Command(BaseCommand):
    help = "Answer EFetch on this machine from recorded records; POST next=429,half,… to /behave and it misbehaves."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=RECORDED, help="of PubMed XML files")
        parser.add_argument("--port", type=int, default=0, help="any free one otherwise")

    def handle(self, *args: Any, folder: Path, port: int, **options: Any) -> None:
        with import_module(SERVER).Standin(folder, port) as standin:
            self.stdout.write(f"NCBI_BASE_URL={standin.url}  ({len(standin.records)} records; Ctrl-C ends it)")
            self.stdout.flush()
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                self.stdout.write("")
