"""Fill a site for trying out with the people, the project and the seed report of ``seeds/demo.yaml``."""

from argparse import ArgumentParser
from typing import Any

import yaml

from curation.articles import actions as articles
from curation.cohorts import actions as cohorts
from curation.management import seeding
from curation.management.base import RefusingCommand
from curation.models import Article, Cohort, Project, User


class Command(RefusingCommand):
    help = "Enter the demo people, project and seed report, once; print who may sign in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Nobody to name with --by: the demo's own people act."""

    def act(self, *args: Any, **options: Any) -> None:
        demo = yaml.safe_load(seeding.read("demo.yaml"))
        if not seeding.may_enter(demo["people"]):
            self.stdout.write("This site has people of its own, so the demo was not entered. Sign in as one of them.")
            return
        who = seeding.everybody(demo["people"])
        version = seeding.a_codebook(demo["codebook"], demo["rules"], by=seeding.administrator(who))
        project = seeding.a_project(demo["project"], version, demo["members"], who)
        seeding.screened_by(demo["screening"], project, by=who["moderator"])
        for name in demo["imports"]:
            seeding.imported(name, project, by=who["moderator"])
        report(demo, project, who)
        practice = seeding.a_project(demo["practice"], version, demo["members"], who)
        seeding.imported(demo["imports"][0], practice, by=who["moderator"])
        seeding.included(seeding.gold(demo["gold"]), practice, by=who["moderator"])
        self.stdout.write("Demo people (user name, password, role):")
        roles = {member["username"]: member["role"] for member in demo["members"]}
        for person in demo["people"]:
            role = roles.get(person["username"], "administrator")
            self.stdout.write(f"  {person['username']:<10} {person['password']:<20} {role}")


def report(demo: dict[str, Any], project: Project, who: dict[str, User]) -> None:
    gold = seeding.gold(demo["gold"])
    if not Article.objects.filter(pmid=gold["article"]["pmid"]["value"], figures__isnull=False).exists():
        articles.attach_figures(text=seeding.read(demo["figures"]), by=seeding.administrator(who))
    seeding.published(gold, project, reader=who["curator"], moderator=who["moderator"])
    if not Cohort.objects.filter(project=project, title=demo["cohort"]["title"]).exists():
        cohorts.save_cohort(project=project, **demo["cohort"], is_public=True, by=who["moderator"])
