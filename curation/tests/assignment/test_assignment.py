"""Readings given out, taken back, taken next; whose work it is and how far it came."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from curation.annotation.pool import queries as pool
from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.choices import ReadingState
from curation.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from curation.models import Article, AuditEvent, Patient, Project, Reading, Screening
from curation.tests import worlds
from curation.tests.review.test_two_moderators import at_once
from curation.tests.worlds import People, fresh

TOMORROW = timedelta(days=1)


def assign(screening: Screening, reader: worlds.User, by: worlds.User, days: int | None = 1) -> Reading:
    due = timezone.localdate() + timedelta(days=days) if days is not None else None
    project = fresh(screening.project)
    return assignment.assign(project=project, article=screening.article, reader=reader, due_on=due, by=by)


def test_a_moderator_gives_an_article_to_a_reader(included: Screening, who: People) -> None:
    reading = assign(included, who.curator, who.moderator)
    assert (reading.state, reading.curator, reading.assigned_by) == (ReadingState.ASSIGNED, who.curator, who.moderator)
    (work,) = queries.my_work(who.curator).assigned
    assert (work.reading.due_on, work.is_late) == (timezone.localdate() + TOMORROW, False)
    assert AuditEvent.objects.of_row("curation_reading", reading.pk)[0].verb == "reading.assign"


def test_what_is_due_first_comes_first(project: Project, who: People) -> None:
    rows = [worlds.included(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2, 3)]
    for row, days in zip(rows, (9, None, 2), strict=True):
        assign(row, who.curator, who.moderator, days)
    assert [work.reading.article.pmid for work in queries.my_work(who.curator).assigned] == [3, 1, 2]


@pytest.mark.parametrize("days", [-1, 5000])
def test_a_day_that_is_none(included: Screening, who: People, days: int) -> None:
    with pytest.raises(Invalid, match="a day to come"):
        assign(included, who.curator, who.moderator, days)
    assert not Reading.objects.exists()


def test_nobody_else_is_given_anything(included: Screening, who: People) -> None:
    with pytest.raises(Invalid, match="Only a member"):
        assign(included, who.outsider, who.moderator)
    with pytest.raises(NotAllowed):
        assign(included, who.curator2, who.curator)
    assign(included, who.curator, who.moderator)
    with pytest.raises(WrongState, match="has a reading of PMID 34829411 already"):
        assign(included, who.curator, who.moderator)
    with pytest.raises(WrongState, match="already has its 1 reader"):
        assign(included, who.curator2, who.moderator)


def test_what_is_not_included_is_not_read(to_screen: Screening, who: People) -> None:
    with pytest.raises(WrongState, match="not included"):
        assign(to_screen, who.curator, who.moderator)


def test_whoever_screened_it_does_not_read_it_where_the_project_says_so(included: Screening, who: People) -> None:
    worlds.set_up(included.project, who.moderator2, screener_may_read=False)
    with pytest.raises(NotAllowed, match="does not read it"):
        assign(included, who.moderator, who.moderator2)
    with pytest.raises(WrongState, match="No included article waits for you"):
        assignment.take_next(by=who.moderator)
    assert not pool.startable(who.moderator).exists()
    assert assignment.take_next(by=who.moderator2).article == included.article


def test_a_blind_reader_does_not_assign_the_other(who: People, codebook: worlds.CodebookVersion) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    row = worlds.included(pair, worlds.an_article(), who.moderator2)
    worlds.started(pair, row.article, who.moderator)
    other = worlds.complete(pair, row.article, who.curator)
    with pytest.raises(NotAllowed, match="reading PMID 34829411 yourself"):
        assign(row, who.curator2, who.moderator)
    assert [each.curator for each in queries.assignments(who.moderator, pair)] == [who.moderator]
    assert not queries.unread(who.moderator, pair).exists()
    assert len(queries.assignments(who.moderator2, pair)) == 2
    with pytest.raises(NotFound):
        assignment.set_due(reading_id=other.pk, version=other.version, due_on=None, by=who.moderator)


def test_what_is_not_begun_is_taken_back(included: Screening, who: People) -> None:
    reading = worlds.started(included.project, included.article, who.curator)
    with pytest.raises(Stale):
        assignment.unassign(reading_id=reading.pk, version=9, by=who.moderator)
    assignment.unassign(reading_id=reading.pk, version=reading.version, by=who.moderator)
    assert not Reading.objects.exists()
    assert not Patient.objects.exists()
    assert pool.startable(who.curator).exists()


def test_what_is_begun_stays(complete: Reading, who: People) -> None:
    with pytest.raises(WrongState, match="has begun to read"):
        assignment.unassign(reading_id=complete.pk, version=complete.version, by=who.moderator)
    with pytest.raises(NotAllowed):
        assignment.unassign(reading_id=complete.pk, version=complete.version, by=who.administrator)


def test_the_day_moves(submitted: Reading, who: People) -> None:
    day = timezone.localdate() + TOMORROW
    with pytest.raises(WrongState, match="nothing is due"):
        assignment.set_due(reading_id=submitted.pk, version=submitted.version, due_on=day, by=who.moderator)


def test_the_next_one_comes_in_the_projects_order(project: Project, who: People) -> None:
    rows = [worlds.included(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2, 3)]
    for row, year in zip(rows, (2019, 2021, 2020), strict=True):
        Article.objects.filter(pk=row.article_id).update(published_year=year)
    assert assignment.take_next(project=project, by=who.curator).article.pmid == 1
    worlds.set_up(project, who.moderator, reading_order="newest")
    assert assignment.take_next(project=fresh(project), by=who.curator).article.pmid == 2
    assert assignment.take_next(by=who.curator2).article.pmid == 3
    with pytest.raises(WrongState, match="No included article waits"):
        assignment.take_next(by=who.curator2)
    assert Reading.objects.get(curator=who.curator2).patients.get().label == "Patient 1"


def test_the_next_one_of_a_strange_project(project: Project, who: People) -> None:
    with pytest.raises(NotAllowed):
        assignment.take_next(project=project, by=who.outsider)


def test_progress_is_of_what_is_due(included: Screening, who: People) -> None:
    reading = worlds.started(included.project, included.article, who.curator)
    assert queries.progress_of([reading])[reading.pk].done == 0
    for answer in worlds.ANSWERS[:2]:
        worlds.answered(reading, *answer)
    done = queries.progress_of([reading])[reading.pk]
    (work,) = queries.my_work(who.curator).in_progress
    assert work.progress == done
    assert (done.done, done.due > 2) == (2, True)


def test_under_reading_by_is_told_where_one_reads(client: Client, included: Screening, who: People) -> None:
    worlds.started(included.project, included.article, who.curator)
    client.force_login(who.curator2)
    assert "Under reading by The curator" in client.get(f"/articles/{included.article_id}/").content.decode()
    client.force_login(who.outsider)
    assert "Under reading by" not in client.get(f"/articles/{included.article_id}/").content.decode()


def test_two_blind_readers_are_not_told(client: Client, who: People, codebook: worlds.CodebookVersion) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    row = worlds.included(pair, worlds.an_article(), who.moderator)
    worlds.started(pair, row.article, who.curator)
    client.force_login(who.curator2)
    assert "Under reading by" not in client.get(f"/articles/{row.article_id}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_next_one_at_once_get_different_ones(project: Project, who: People) -> None:
    for n in (1, 2, 3):
        worlds.included(project, worlds.an_article(pmid=n), who.moderator)
    takers = (who.curator, who.curator2, who.moderator2)
    taken = at_once(*(lambda by=by: assignment.take_next(by=by) for by in takers))
    assert {type(each) for each in taken} == {Reading}
    assert len({each.article_id for each in taken}) == 3  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_the_last_one_goes_to_one_of_two(included: Screening, who: People) -> None:
    taken = at_once(*(lambda by=by: assignment.take_next(by=by) for by in (who.curator, who.curator2)))
    assert {type(each) for each in taken} == {Reading, WrongState}
    assert Reading.objects.count() == 1
