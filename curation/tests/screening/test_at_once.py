"""Screeners at the same time, with real connections."""

import pytest

from curation.choices import ScreeningState
from curation.errors import Stale
from curation.models import Article, Project, Screening, Vote
from curation.screening import actions as screening
from curation.tests import worlds
from curation.tests.review.test_two_moderators import at_once
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_votes_at_once_are_both_counted(project: Project, article: Article, who: People) -> None:
    row = worlds.to_screen(worlds.with_two_screeners(project, who.moderator), article, who.moderator)
    answers = at_once(
        *(lambda by=by: screening.include(screening_id=row.pk, version=1, by=by) for by in (who.curator, who.curator2))
    )
    assert {type(answer) for answer in answers} == {Screening}
    assert Vote.objects.cast().count() == 2
    assert fresh(row).state == ScreeningState.INCLUDED


def test_one_of_two_deciding_moderators_is_told(to_screen: Screening, who: People) -> None:
    answers = at_once(
        lambda: screening.include(screening_id=to_screen.pk, version=1, by=who.moderator),
        lambda: screening.exclude(screening_id=to_screen.pk, version=1, reason="No patient data", by=who.moderator2),
    )
    assert {type(answer) for answer in answers} == {Screening, Stale}
    assert Vote.objects.standing().count() == 1
