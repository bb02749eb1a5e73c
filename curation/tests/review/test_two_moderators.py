"""Two people at once, with real connections: one wins, the other is told, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from curation.annotation import actions as annotation
from curation.choices import ReadingState
from curation.errors import Refusal, Stale
from curation.models import Finding, Reading, Ruling
from curation.review import actions as review
from curation.tests import worlds
from curation.tests.worlds import People, fresh

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act returned, or how it was refused; all begin together, each on a connection of its own."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        ready.wait(10)
        try:
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def publish(reading: Reading, by: worlds.User) -> Callable[[], Ruling]:
    return lambda: review.publish(reading_id=reading.pk, version=reading.version, by=by)


def test_two_moderators_publish_one_reading(submitted: Reading, who: People) -> None:
    answers = at_once(publish(submitted, who.moderator), publish(submitted, who.moderator2))
    assert {type(answer) for answer in answers} == {Ruling, Stale}
    assert Ruling.objects.count() == 1
    assert Finding.objects.count() == Finding.objects.published().count() == 6


def test_one_publishes_while_the_other_sends_back(submitted: Reading, who: People) -> None:
    answers = at_once(
        publish(submitted, who.moderator),
        lambda: review.send_back(reading_id=submitted.pk, version=submitted.version, note="Look again.", by=who.moderator2),
    )
    assert {type(answer) for answer in answers} == {Ruling, Stale}
    assert Finding.objects.exists() == (fresh(submitted).state == ReadingState.ACCEPTED)


def test_two_readings_of_one_article_published_at_once(who: People, codebook: worlds.CodebookVersion) -> None:
    """Both moderators lock both readings; in key order, so neither waits for ever."""
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    article = worlds.included(pair, worlds.an_article(), who.moderator).article
    one, two = (worlds.submitted(pair, article, by) for by in (who.curator, who.curator2))
    answers = at_once(publish(one, who.moderator), publish(two, who.moderator2))
    assert {type(answer) for answer in answers} == {Ruling, Stale}
    assert Finding.objects.count() == 6


def test_two_retract_one_finding(submitted: Reading, who: People) -> None:
    finding = worlds.decided(submitted, who.moderator).findings.first()
    answers = at_once(
        *(
            lambda by=by: review.retract(finding_id=finding.pk, version=finding.version, reason="Wrong.", by=by)
            for by in (who.moderator, who.moderator2)
        )
    )
    assert {type(answer) for answer in answers} == {Ruling, Stale}


def test_a_reader_submits_while_a_moderator_returns(submitted: Reading, who: People) -> None:
    answers = at_once(
        lambda: annotation.submit(reading_id=submitted.pk, version=submitted.version, by=who.curator),
        lambda: review.send_back(reading_id=submitted.pk, version=submitted.version, note="Look again.", by=who.moderator),
    )
    assert isinstance(answers[0], Refusal)
    assert isinstance(answers[1], Ruling)
    assert fresh(submitted).state == ReadingState.RETURNED


def test_two_blind_readers_submit_at_once(who: People, codebook: worlds.CodebookVersion) -> None:
    """The later of the two finds the earlier: they speak of one patient."""
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    article = worlds.included(pair, worlds.an_article(), who.moderator).article
    both = [worlds.complete(pair, article, by) for by in (who.curator, who.curator2)]
    acts = [lambda r=r: annotation.submit(reading_id=r.pk, version=r.version, by=r.curator) for r in both]
    assert [answer.state for answer in at_once(*acts)] == [ReadingState.SUBMITTED] * 2
    assert both[0].patients.get() == both[1].patients.get()
