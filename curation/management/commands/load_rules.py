"""Load a file of rules and derive everything anew by them."""

from argparse import ArgumentParser
from typing import Any

from curation.codebook import queries as codebooks
from curation.codebook.marked import decode
from curation.criteria import actions as criteria
from curation.management.base import RefusingCommand, contents, person


class Command(RefusingCommand):
    help = "Load the rules (YAML) that derive values for a codebook, and derive anew for all its patients."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", help="the rules' YAML file")
        parser.add_argument("--codebook", required=True, metavar="SLUG", help="the codebook they are for, for instance imnm")

    def act(self, *args: Any, **options: Any) -> None:
        by, codebook = person(options["by"]), codebooks.codebook(options["codebook"])
        rules = criteria.load_rules(text=decode(contents(options["file"])), codebook=codebook, by=by)
        changed = criteria.recompute_all(codebook=codebook, by=by)
        self.stdout.write(f"Loaded: {', '.join(map(str, rules))}. Derived findings changed: {changed}.")
