"""Load a codebook's file as a new, frozen version."""

from argparse import ArgumentParser
from typing import Any

from curation.codebook import actions as codebooks
from curation.codebook.marked import decode
from curation.management.base import RefusingCommand, contents, person


class Command(RefusingCommand):
    help = "Load a codebook (YAML) as a new, frozen version; the same file again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the codebook's YAML file")

    def act(self, *args: Any, **options: Any) -> None:
        version = codebooks.load_codebook(text=decode(contents(options["file"])), by=person(options["by"]))
        self.stdout.write(f"{version} is loaded: {version.features.count()} features.")
