"""Read every kept source again, after the parser has learned something: what an article says already is not written."""

from argparse import ArgumentParser
from typing import Any

from curation import tasks
from curation.errors import NotFound
from curation.management.base import RefusingCommand, person
from curation.models import Project

MOST_SHOWN = 20


class Command(RefusingCommand):
    help = "Parse the kept sources of all articles (or of one project's) again, and store what has changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--project", help="slug of the project whose articles are meant; all otherwise")
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this article, as the last line said")

    def act(self, *args: Any, by: str, project: str | None, after: int, **options: Any) -> None:
        actor, of = person(by), _project(project)
        seen = changed = refused = 0
        while part := tasks.reparse(after=after, project=of, by=actor):
            seen, changed, refused = seen + part.seen, changed + len(part.changed), refused + len(part.refused)
            after = part.last
            for article_id, reason in list(part.refused.items())[:MOST_SHOWN]:
                self.stderr.write(f"Article {article_id}: {reason}")
            self.stdout.write(f"{seen} read, {changed} changed, {refused} refused; to go on: --after {after}")
        if not seen:
            self.stdout.write("There is no source to read.")


def _project(slug: str | None) -> Project | None:
    found = Project.objects.filter(slug=slug).first() if slug else None
    if slug and found is None:
        raise NotFound(f"There is no project “{slug}”.")
    return found
