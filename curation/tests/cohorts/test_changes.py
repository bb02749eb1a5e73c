"""A saved cohort's answer changed: who is told what, and how often."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from curation import tasks
from curation.cohorts import actions as cohorts
from curation.models import Article, Cohort, CohortStanding, Ruling
from curation.notices import queries
from curation.notices.telling import Told
from curation.review import actions as review
from curation.tests import worlds
from curation.tests.cohorts.conftest import ASYMMETRIC
from curation.tests.worlds import People


@pytest.fixture
def cohort(published: Ruling, who: People) -> Cohort:
    """Public, saved by the second curator, and looked at yesterday: one patient."""
    saved = cohorts.save_cohort(
        project=published.project, title="Asymmetric", question=ASYMMETRIC, is_public=True, by=who.curator2
    )
    tasks.look_at_cohorts()
    yesterday()
    return saved


def yesterday() -> None:
    CohortStanding.objects.update(looked_on=timezone.localdate() - timedelta(days=1))


def told(person: object) -> list[Told]:
    return queries.told(person, queries.in_full(queries.notices(person, kind="cohort")))


def take_back(published: Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="symmetry")
    review.retract(finding_id=finding.pk, version=finding.version, reason="A slip.", by=who.moderator2)


def test_the_owner_is_told_from_how_many_to_how_many_and_by_which_article(
    cohort: Cohort, published: Ruling, report: Article, who: People
) -> None:
    take_back(published, who)
    assert tasks.look_at_cohorts() == 1
    (notice,) = told(who.curator2)
    assert notice.sentence == "The answer to “Asymmetric” changed."
    assert (notice.words, notice.changes) == ("1 → 0 patients", [("Fell out with", [report])])
    assert not told(who.moderator2)


def test_one_look_a_day_and_nothing_where_nothing_changed(cohort: Cohort, published: Ruling, who: People) -> None:
    assert tasks.look_at_cohorts() == 0
    take_back(published, who)
    assert tasks.look_at_cohorts() == 0, "today it was looked at"
    yesterday()
    assert tasks.look_at_cohorts() == 1
    yesterday()
    assert tasks.look_at_cohorts() == 0
    assert len(told(who.curator2)) == 1


def test_a_retracted_article_is_a_change_though_the_number_stands(
    cohort: Cohort, published: Ruling, report: Article, who: People
) -> None:
    worlds.noticed(published.findings.earliest("pk"))
    assert tasks.look_at_cohorts() == 1
    (notice,) = told(who.curator2)
    assert (notice.words, notice.changes) == ("1 → 1 patient", [("Retracted since", [report])])


def test_another_question_is_no_change(cohort: Cohort, who: People) -> None:
    cohorts.change_cohort(
        cohort_id=cohort.pk, version=cohort.version, title="Women", question="sex = female", is_public=True, by=who.curator2
    )
    assert tasks.look_at_cohorts() == 0
    assert not told(who.curator2)


def test_whoever_watches_is_told_until_it_is_closed_to_them(
    client: Client, cohort: Cohort, published: Ruling, who: People
) -> None:
    client.force_login(who.stranger)
    assert "Tell me when its answer changes" in client.get(f"/cohorts/{cohort.pk}/").content.decode()
    page = client.post(f"/cohorts/{cohort.pk}/watch/", follow=True).content.decode()
    assert "Tell me no longer when its answer changes" in page
    take_back(published, who)
    tasks.look_at_cohorts()
    assert len(told(who.stranger)) == 1
    cohorts.change_cohort(
        cohort_id=cohort.pk, version=cohort.version, title="Mine", question=ASYMMETRIC, is_public=False, by=who.curator2
    )
    assert not told(who.stranger)
    assert client.post(f"/cohorts/{cohort.pk}/unwatch/").status_code == 404
