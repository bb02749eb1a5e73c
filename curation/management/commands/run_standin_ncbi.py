"""Run the tests' stand-in for NCBI, so that a site can be tried without the network: set NCBI_BASE_URL to what it prints."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from curation.tests.standin.server import MISBEHAVIOURS, Standin

RECORDED = Path(__file__).parents[2] / "tests" / "data" / "pubmed"


class Command(BaseCommand):
    help = f"Answer EFetch on this machine from recorded records. POST next=… to /behave for: {', '.join(MISBEHAVIOURS)}."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=RECORDED, help="of PubMed XML files")
        parser.add_argument("--port", type=int, default=0, help="any free one otherwise")

    def handle(self, *args: Any, folder: Path, port: int, **options: Any) -> None:
        with Standin(folder, port) as standin:
            self.stdout.write(f"NCBI_BASE_URL={standin.url}  ({len(standin.records)} records; Ctrl-C ends it)")
            self.stdout.flush()
            try:
                while True:
                    time.sleep(3600)
            except KeyboardInterrupt:
                self.stdout.write("")
