"""Say where an article stands in a project and why; or, of all its articles, whether every count agrees with the facts."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from curation.articles import queries as articles
from curation.management.base import RefusingCommand, administrator, person
from curation.models import Article, Project, Screening, User
from curation.people import queries as people
from curation.screening import flow
from curation.screening import queries as screening
from curation.standing import queries, rules
from curation.standing.states import ArticleState


class Command(RefusingCommand):
    help = (
        "Print the facts about an article in a project, its state and the reason. Without an article: derive every state anew "
        "and compare with what the site counts; exit status 1 where anything differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="the project's short name")
        parser.add_argument("article", nargs="?", help="a PMID, or id:NUMBER")
        parser.add_argument("--to", metavar="USERNAME", help="as this person is told it; otherwise as an administrator")

    def act(self, *args: Any, **options: Any) -> None:
        asker = person(options["to"]) if options["to"] else administrator()
        project = people.project(asker, options["project"])
        if options["article"]:
            self._explain(asker, project, articles.named(asker, options["article"]))
        else:
            self._compare(asker, project)

    def _explain(self, asker: User, project: Project, article: Article) -> None:
        facts = queries.explained(asker, project, article)
        step = rules.step_of(facts)
        self.stdout.write(f"{article} in “{project}”: {ArticleState(step.state).label}, because {step.because}.")
        for name, value in rules.told(facts):
            self.stdout.write(f"  {name}: {value}")

    def _compare(self, asker: User, project: Project) -> None:
        differences = list(_differences(asker, project))
        for line in differences:
            self.stderr.write(line)
        if differences:
            raise CommandError(f"{len(differences)} differences.")
        for _state, label, number in queries.tally(asker, project):
            self.stdout.write(f"{number:>8} {label}")
        self.stdout.write("Every state agrees with the facts, and every count with the states.")


def _differences(asker: User, project: Project) -> Iterator[str]:
    """Each state that the database gives beside what the rule says of its facts; then each place that counts states."""
    known = Screening.objects.visible_to(asker).filter(project=project).select_related("article", "project")
    rows = queries.with_facts(asker, queries.standing(asker, known)).order_by("pk")
    counted: dict[str, int] = {}
    for row in rows.iterator(chunk_size=500):
        state = rules.state_of(queries.facts_of(row))
        counted[state] = counted.get(state, 0) + 1
        if state != row.stands:
            yield f"{row.article}: the facts say {state}, the lists {row.stands}"
    tallied = {state: number for state, _label, number in queries.tally(asker, project)}
    yield from _unequal("the project page", tallied, counted)
    to_screen, excluded = (counted.get(state, 0) for state in (ArticleState.TO_SCREEN, ArticleState.EXCLUDED))
    decided = {"to_screen": to_screen, "excluded": excluded, "included": sum(counted.values()) - to_screen - excluded}
    yield from _unequal("the screening lists", screening.counts(project), decided)
    boxes = {line.box: line.number for _phase, line in flow.flow(asker, project).lines if not line.detail}
    left = boxes.get("excluded", 0) + boxes.get("excluded_later", 0)
    prisma = {"to_screen": boxes.get("waiting", 0), "excluded": left, "screened": boxes.get("screened", 0)}
    yield from _unequal("the flow of articles", prisma, decided | {"screened": sum(counted.values()) - to_screen})


def _unequal(where: str, found: dict[str, int], right: dict[str, int]) -> Iterator[str]:
    for name in found:
        if found[name] != right.get(name, 0):
            yield f"{where}: {name.replace('_', ' ')} is {found[name]}, and {right.get(name, 0)} by the facts"
