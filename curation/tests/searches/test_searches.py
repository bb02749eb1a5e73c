"""Standing searches: run when due, bring what is new, and move the watermark only over what is accounted for."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from curation import tasks
from curation.articles import actions as imports
from curation.audit import acting
from curation.choices import BatchState, ItemState
from curation.errors import Invalid, NotAllowed, NotFound, Stale, WrongState
from curation.models import AuditEvent, Batch, Project, StandingSearch, User
from curation.people import actions as people
from curation.searches import actions, queries, rules
from curation.tests.articles.conftest import standin
from curation.tests.records import a_record
from curation.tests.standin.server import Standin
from curation.tests.worlds import People, fresh

__all__ = ["standin"]
pytestmark = pytest.mark.django_db

BEFORE = date(2019, 1, 1)


@pytest.fixture
def shelf(standin: Standin) -> Standin:
    """One zebra of 1990, one that PubMed took in on the first of 2020."""
    for pmid, year in ((801, 1990), (802, 2020)):
        standin.library.take(a_record(pmid, title="Zebra.", year=year).encode())
    return standin


def kept(project: Project, by: User, since: date | None = BEFORE) -> StandingSearch:
    return actions.create(project=project, title="Zebras", query="zebra[ti]", every_days=7, since=since, by=by)


def time_passes(by: User) -> None:
    """Whatever is not paused is due."""
    with transaction.atomic(), acting(by=by, verb="test.time"):
        StandingSearch.objects.filter(due_at__isnull=False).update(due_at=timezone.now())


def run_due() -> None:
    """What the schedule and a worker do."""
    tasks.run_searches()
    for batch in Batch.objects.unfinished():
        tasks.run_batch(batch.pk)
    tasks.run_searches()


def test_what_is_new_comes_before_the_project(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    run_due()
    assert list(project.screenings.values_list("article__pmid", flat=True)) == [802]
    search = fresh(search)
    assert search.watermark == timezone.localdate()
    assert search.due_at > timezone.now() + timedelta(days=6)
    assert '"2018/12/25"[crdt]' in search.runs.get().query  # a week before the watermark


def test_nothing_runs_before_it_is_due_or_while_it_is_paused(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    run_due()
    run_due()
    assert search.runs.count() == 1
    search = fresh(search)
    actions.pause(search_id=search.pk, version=search.version, by=who.moderator)
    time_passes(who.administrator)
    run_due()
    assert search.runs.count() == 1


@pytest.mark.parametrize("trouble", ["quarantined", "failed", "missing"])
def test_the_watermark_stays_below_what_is_not_accounted_for(shelf: Standin, who: People, project: Project, trouble: str) -> None:
    search = kept(project, who.moderator)
    shelf.behave("ok", *{"quarantined": ["garbage"], "failed": ["500", "500"], "missing": ["empty"]}[trouble])
    run_due()
    run = search.runs.get()
    assert set(run.items.values_list("state", flat=True)) == {trouble}
    assert fresh(search).watermark == BEFORE
    time_passes(who.administrator)
    run_due()  # the next run covers the same days again
    assert fresh(search).watermark == timezone.localdate()
    assert list(project.screenings.values_list("article__pmid", flat=True)) == [802]


def test_what_a_person_dismissed_is_accounted_for(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    shelf.behave("ok", "garbage")
    run_due()
    imports.dismiss_item(item_id=search.runs.get().items.get().pk, by=who.moderator)
    tasks.run_searches()
    assert fresh(search).watermark == timezone.localdate()


def test_a_count_that_does_not_add_up_holds_the_watermark() -> None:
    assert rules.is_accounted([ItemState.NEW, ItemState.DISMISSED], trouble="")
    assert not rules.is_accounted([ItemState.NEW], trouble="PubMed counted 5 and listed 4.")
    assert not rules.is_accounted([ItemState.NEW, ItemState.FAILED], trouble="")


def test_one_run_at_a_time(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    actions.run(search_id=search.pk, by=who.moderator)
    with pytest.raises(WrongState, match="under way"):
        actions.run(search_id=search.pk, by=who.moderator)
    time_passes(who.administrator)
    assert queries.due() == []


def test_a_paused_search_can_be_run_by_hand(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    actions.pause(search_id=search.pk, version=search.version, by=who.moderator)
    batch = actions.run(search_id=search.pk, by=who.moderator2)
    assert (batch.state, batch.opened_by, fresh(search).is_paused) == (BatchState.WAITING, who.moderator2, True)


def test_an_owner_who_may_no_longer_is_told_and_another_goes_on(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    people.end_membership(project=project, user=who.moderator, by=who.administrator)
    tasks.run_searches()
    search = fresh(search)
    assert search.is_paused
    assert search.trouble
    assert not search.runs.exists()
    actions.resume(search_id=search.pk, version=search.version, by=who.moderator2)
    run_due()
    assert (fresh(search).owner, fresh(search).trouble) == (who.moderator2, "")
    assert search.runs.count() == 1


def test_what_a_deleted_search_brought_stays(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    run_due()
    search = fresh(search)
    actions.delete(search_id=search.pk, version=search.version, by=who.moderator)
    assert (Batch.objects.get().search_id, project.screenings.count()) == (None, 1)


def test_only_moderators(who: People, project: Project) -> None:
    for person in (who.curator, who.administrator):
        with pytest.raises(NotAllowed):
            kept(project, person)
    search = kept(project, who.moderator)
    for person in (who.curator, who.outsider):
        with pytest.raises(NotFound):
            actions.pause(search_id=search.pk, version=1, by=person)
        with pytest.raises(NotFound):
            actions.run(search_id=search.pk, by=person)
        with pytest.raises(NotFound):
            queries.search(person, search.pk)
    with pytest.raises(NotAllowed):
        actions.run(search_id=search.pk, by=who.administrator)
    with pytest.raises(NotAllowed):
        actions.settle(search_id=search.pk, by=who.moderator2)


def test_bad_searches(who: People, project: Project) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        actions.create(project=project, title=" ", query="zebra", every_days=2, since=tomorrow, by=who.moderator)
    assert [fault.where for fault in refused.value.faults] == ["title", "every_days", "since"]
    with pytest.raises(Invalid):
        actions.create(project=project, title="Zebras", query=" ", every_days=7, by=who.moderator)
    kept(project, who.moderator)
    with pytest.raises(Invalid, match="cannot be kept"):
        kept(project, who.moderator)


def test_wrong_states_and_versions(who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    with pytest.raises(WrongState):
        actions.resume(search_id=search.pk, version=1, by=who.moderator)
    actions.pause(search_id=search.pk, version=1, by=who.moderator)
    with pytest.raises(Stale):
        actions.resume(search_id=search.pk, version=1, by=who.moderator)
    with pytest.raises(WrongState):
        actions.pause(search_id=search.pk, version=2, by=who.moderator)


def test_who_did_what_to_a_search_is_in_the_trail(shelf: Standin, who: People, project: Project) -> None:
    search = kept(project, who.moderator)
    run_due()
    search = actions.pause(search_id=search.pk, version=fresh(search).version, by=who.moderator2)
    actions.delete(search_id=search.pk, version=search.version, by=who.moderator2)
    trail = AuditEvent.objects.of_row("curation_standingsearch", search.pk).order_by("id")
    told = [(event.actor_id, event.verb) for event in trail]
    assert told == [
        (who.moderator.pk, "search.create"),
        (who.moderator.pk, "search.run"),
        (who.moderator.pk, "search.settle"),
        (who.moderator2.pk, "search.pause"),
        (who.moderator2.pk, "search.delete"),
    ]
    assert trail[2].after["watermark"] == timezone.localdate().isoformat()
