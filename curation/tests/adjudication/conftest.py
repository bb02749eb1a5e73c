"""Two blind readings of one article, which differ in the age and the CK value."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from curation.adjudication import actions, queries
from curation.adjudication.layout import Desk, Point
from curation.models import Article, CodebookVersion, Decision, Patient, Project, Reading, User
from curation.tests import worlds
from curation.tests.worlds import People

DIFFERING = {"age": "P36Y", "ck": 5200}


@dataclass(frozen=True)
class Case:
    """``one`` and ``other`` were submitted by the two curators; ``by`` moderates."""

    project: Project
    article: Article
    one: Reading
    other: Reading
    by: User

    @property
    def patient(self) -> Patient:
        return self.one.patients.get()

    def desk(self) -> Desk:
        return queries.desk(self.by, worlds.fresh(self.project), self.article.pk)

    def point(self, slug: str, instance: int = 1) -> Point:
        return next(point for point in self.desk().points if (point.feature.slug, point.instance) == (slug, instance))

    def act(self, action: Any, **arguments: Any) -> Any:
        """The action as somebody does it who read the adjudication just now."""
        arguments = {"version": self.desk().version, "by": self.by} | arguments
        return action(project=worlds.fresh(self.project), article_id=self.article.pk, **arguments)

    def decide(self, slug: str, outcome: str = "followed", *, reason: str = "Table 1 says so.", **more: Any) -> Decision:
        if outcome == "followed":
            more = {"reading_id": self.one.pk} | more
        return self.act(actions.decide, place=self.point(slug).place, outcome=outcome, reason=reason, **more)

    def settle(self) -> None:
        for point in self.desk().open_points:
            self.decide(point.feature.slug)

    def moderated_by(self, by: User) -> "Case":
        return replace(self, by=by)

    def back(self, reading: Reading, **differing: object) -> Reading:
        """Sent back, answered otherwise and submitted again."""
        back = worlds.sent_back(worlds.fresh(reading), self.by, note="Look again.")
        for slug, value in differing.items():
            worlds.changed(back, slug, value=value)
        back = worlds.fresh(back)
        return worlds.annotation.submit(reading_id=back.pk, version=back.version, by=back.curator)


@pytest.fixture
def pair(who: People, codebook: CodebookVersion) -> Project:
    return worlds.a_project(who, codebook, slug="pair", readers_required=2)


@pytest.fixture
def case(who: People, pair: Project, article: Article) -> Case:
    worlds.included(pair, article, who.moderator)
    one, other = worlds.read_twice(pair, article, who.curator, who.curator2, differing=DIFFERING)
    return Case(pair, article, one, other, who.moderator)
