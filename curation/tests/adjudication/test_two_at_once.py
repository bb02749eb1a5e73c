"""Two moderators on one article, a moderator and a reader: one wins, the other is told."""

from collections.abc import Callable

import pytest

from curation.adjudication import actions
from curation.annotation import actions as annotation
from curation.choices import ReadingState
from curation.errors import NotFound, Refusal, Stale, WrongState
from curation.models import Adjudication, Decision, Finding, Ruling, User
from curation.review import actions as review
from curation.tests import worlds
from curation.tests.adjudication.conftest import Case
from curation.tests.review.test_two_moderators import at_once
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def deciding(case: Case, slug: str, by: User) -> Callable[[], Decision]:
    version, place = case.desk().version, case.point(slug).place
    return lambda: actions.decide(
        project=case.project,
        article_id=case.article.pk,
        version=version,
        place=place,
        outcome="followed",
        reading_id=case.one.pk,
        reason="Table 1.",
        by=by,
    )


def publishing(case: Case, by: User) -> Callable[[], Ruling]:
    version = case.desk().version
    return lambda: actions.publish(project=case.project, article_id=case.article.pk, version=version, by=by)


def test_two_moderators_decide_the_first_thing(case: Case, who: People) -> None:
    answers = at_once(deciding(case, "age", who.moderator), deciding(case, "ck", who.moderator2))
    assert {type(answer) for answer in answers} == {Decision, Stale}
    assert Decision.objects.count() == Adjudication.objects.count() == 1


def test_two_moderators_publish(case: Case, who: People) -> None:
    case.settle()
    answers = at_once(publishing(case, who.moderator), publishing(case, who.moderator2))
    assert {type(answer) for answer in answers} == {Ruling, Stale}
    assert Finding.objects.count() == 6


def test_one_publishes_while_the_other_sends_a_reading_back(case: Case, who: People) -> None:
    case.settle()
    reading = fresh(case.other)
    answers = at_once(
        publishing(case, who.moderator),
        lambda: review.send_back(reading_id=reading.pk, version=reading.version, note="Again.", by=who.moderator2),
    )
    assert sum(isinstance(answer, Ruling) for answer in answers) == 1
    assert sum(isinstance(answer, Refusal) for answer in answers) == 1
    assert Finding.objects.exists() == (fresh(case.one).state == ReadingState.ACCEPTED)


def test_a_reader_submits_while_a_moderator_sends_the_other_back(case: Case, who: People) -> None:
    """Whichever comes first, both are told the truth: nothing is published of a reading that is back."""
    back = worlds.sent_back(fresh(case.other), who.moderator, note="Again.")
    one, version = fresh(case.one), fresh(case.one).version + fresh(back).version
    answers = at_once(
        lambda: annotation.submit(reading_id=back.pk, version=back.version, by=back.curator),
        lambda: review.send_back(reading_id=one.pk, version=one.version, note="You too.", by=who.moderator),
        lambda: actions.publish(project=case.project, article_id=case.article.pk, version=version, by=who.moderator2),
    )
    assert isinstance(answers[2], Stale | WrongState | NotFound)
    assert {fresh(case.one).state, fresh(back).state} == {ReadingState.RETURNED, ReadingState.SUBMITTED}
    assert not Finding.objects.exists()
