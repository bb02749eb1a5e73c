"""Fetch full texts and figures of articles that are here, from PMC, through the same imports as the article page."""

from argparse import ArgumentParser
from typing import Any

from curation import tasks
from curation.articles import actions, queries
from curation.management.base import RefusingCommand, administrator, person
from curation.management.commands.import_pubmed import LATER, accounting


class Command(RefusingCommand):
    help = "Fetch the full texts and figures of articles by PMID or PMCID, as far as their licences allow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("articles", nargs="+", metavar="PMID|PMCID")
        parser.add_argument("--by", metavar="USERNAME", help="who fetches; the first administrator otherwise")
        parser.add_argument("--now", action="store_true", help="run it here, without a worker, and print the accounting")

    def act(self, *args: Any, articles: list[str], by: str | None, now: bool, **options: Any) -> None:
        actor = person(by) if by else administrator()
        batch = actions.open_full_text(article_ids=queries.ids_named(actor, articles), by=actor)
        if now:
            tasks.run_batch(batch.pk)
            self.stdout.write(f"{batch}: {accounting(batch, actor)}")
        else:
            heard = tasks.ring(batch.pk)
            self.stdout.write(f"{batch}: {batch.seen} articles; " + ("a worker was told." if heard else LATER))
