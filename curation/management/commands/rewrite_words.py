"""Write anew what every article is found by, as after a change of what counts as a word."""

from argparse import ArgumentParser
from typing import Any

from curation.articles import actions
from curation.management.base import RefusingCommand, person


class Command(RefusingCommand):
    help = "Write anew the words and tokens by which all articles are found."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this article, as the last line said")

    def act(self, *args: Any, by: str, after: int, **options: Any) -> None:
        actor, seen = person(by), 0
        while part := actions.rewrite_words(after=after, by=actor):
            after, seen = part[-1], seen + len(part)
            self.stdout.write(f"{seen} written; to go on: --after {after}")
        if not seen:
            self.stdout.write("There is no article to write.")
