"""Readings that go back to the pool: abandoned, or left behind by somebody who leaves. The draft is kept for its reader alone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from curation import tasks
from curation.annotation import actions as annotation
from curation.annotation import queries as readings
from curation.annotation.pool import actions as pool
from curation.articles import actions as articles
from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.choices import ReadingState, ScreeningState
from curation.errors import NotAllowed, NotFound, WrongState
from curation.models import Annotation, AuditEvent, CodebookVersion, Membership, Project, Reading, Screening, User
from curation.people import actions as people
from curation.screening import actions as screening
from curation.searches import actions as searches
from curation.standing import queries as standing
from curation.tests import worlds
from curation.tests.records import a_record
from curation.tests.review.test_two_moderators import at_once
from curation.tests.worlds import People, fresh


def later(days: float, who: People) -> list[Reading]:
    """What the schedule does when its clock stands so many days on."""
    return pool.release_abandoned(at=timezone.now() + timedelta(days=days), by=people.schedule())


def state_of(reading: Reading, asker: User) -> str:
    return standing.of_articles(asker, reading.project, [reading.article_id])[reading.article_id]


@pytest.fixture
def waits(included: Screening, who: People) -> Project:
    return worlds.set_up(included.project, who.moderator, abandoned_after=10)


@pytest.fixture
def begun(waits: Project, included: Screening, who: People) -> Reading:
    return worlds.complete(waits, included.article, who.curator)


def test_an_abandoned_reading_goes_back_and_is_taken_up_with_its_draft(begun: Reading, who: People) -> None:
    answers = set(Annotation.objects.values_list("pk", "version"))
    assert later(9.9, who) == []
    assert later(10.1, who) == [begun]
    event = AuditEvent.objects.of_row("curation_reading", begun.pk)[0]
    assert (event.verb, User.objects.get(pk=event.actor_id).name) == ("reading.release", "The schedule")
    assert (fresh(begun).state, state_of(begun, who.moderator)) == (ReadingState.RELEASED, "to_read")
    with pytest.raises(WrongState, match=r"back in the pool\. Take it up again"):
        worlds.answered(begun, "remark", "present", "Late.")
    work = queries.my_work(who.curator)
    assert ([draft.why for draft in work.drafts], work.in_progress, work.handed_in) == ([""], [], [])
    again = annotation.start_reading(project=begun.project, article=begun.article, by=who.curator)
    assert (again, again.state) == (begun, ReadingState.IN_PROGRESS)
    assert set(Annotation.objects.values_list("pk", "version")) == answers
    assert later(9.9, who) == [], "taking it up is a change"
    annotation.submit(reading_id=again.pk, version=again.version, by=who.curator)
    assert later(99, who) == []


def test_every_saved_change_counts_what_is_removed_too(begun: Reading, who: People) -> None:
    days = timedelta(days=20)
    worlds.set_up(begun.project, who.moderator, abandoned_after=1)
    row = queries.my_work(who.curator).in_progress[0]
    last = row.reading.last_change  # type: ignore[attr-defined]
    annotation.remove(annotation_id=begun.annotations.first().pk, version=1, by=who.curator)  # type: ignore[union-attr]
    now = queries.my_work(who.curator).in_progress[0].reading.last_change  # type: ignore[attr-defined]
    assert last < now < timezone.now() + days
    assert row.days_left == 1


def test_the_next_reader_starts_blank_and_learns_nothing_of_the_draft(client: Client, begun: Reading, who: People) -> None:
    patient = begun.patients.get()
    annotation.rename_patient(reading_id=begun.pk, patient_id=patient.pk, version=1, label="The sailor", by=who.curator)
    later(11, who)
    mine = assignment.take_next(project=begun.project, by=who.curator2)
    assert not mine.annotations.exists()
    assert [each.label for each in mine.patients.all()] == ["Patient 1"]
    other = mine.patients.get()
    annotation.rename_patient(reading_id=mine.pk, patient_id=other.pk, version=other.version, label="The man", by=who.curator2)
    with pytest.raises(NotFound):
        readings.reading_for(who.curator2, begun.pk)
    with pytest.raises(NotFound):
        readings.reading_for(who.moderator, begun.pk)
    client.force_login(who.curator2)
    for address in (f"/readings/{mine.pk}/", f"/articles/{begun.article_id}/", "/readings/"):
        page = client.get(address).content.decode()
        assert "sailor" not in page
        assert "The curator<" not in page
    (draft,) = queries.my_work(who.curator).drafts
    assert draft.why == "it has its readers"
    with pytest.raises(WrongState, match="already has its 1 reader"):
        annotation.start_reading(project=begun.project, article=begun.article, by=who.curator)
    assert other != patient


def test_one_that_came_back_comes_back_as_such(waits: Project, included: Screening, who: People) -> None:
    reading = worlds.sent_back(worlds.submitted(waits, included.article, who.curator), who.moderator, note="See figure 1.")
    later(11, who)
    again = assignment.assign(project=fresh(waits), article=included.article, reader=who.curator, by=who.moderator)
    assert (again.pk, again.state, again.note) == (reading.pk, ReadingState.RETURNED, "See figure 1.")


def test_the_warning_stands_on_my_work_and_the_draft_after_it(client: Client, begun: Reading, who: People) -> None:
    worlds.set_up(begun.project, who.moderator, abandoned_after=1)
    client.force_login(who.curator)
    assert "back to the pool in 1 day" in client.get("/readings/").content.decode()
    later(2, who)
    page = client.get("/readings/").content.decode()
    assert "Back in the pool, your draft kept" in page
    assert "Take it up again" in page
    assert "went back to the pool" in client.get(f"/readings/{begun.pk}/").content.decode()
    client.post(f"/projects/{begun.project.slug}/articles/{begun.article_id}/read/")
    assert fresh(begun).state == ReadingState.IN_PROGRESS


def test_the_schedule_sweeps_what_lost_its_reader(begun: Reading, who: People, capsys: pytest.CaptureFixture[str]) -> None:
    """A membership ended by the lower room alone, as no door does it."""
    assert tasks.release_abandoned() == []
    people.end_membership(project=begun.project, user=who.curator, by=who.administrator)
    call_command("release_abandoned")
    assert capsys.readouterr().out == f"Readings back in the pool: {begun.pk}.\n"
    assert fresh(begun).state == ReadingState.RELEASED


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_a_member_who_leaves_leaves_nothing_stuck(project: Project, who: People) -> None:
    rows = [worlds.included(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2)]
    reading = worlds.complete(project, rows[0].article, who.curator)
    handed_in = worlds.submitted(project, rows[1].article, who.curator)
    left = assignment.leave(project=project, user=who.curator, reason="Moved on.", by=who.administrator)
    assert (left.open, left.handed_in, left.stays) == (1, 1, "")
    assert (fresh(reading).state, fresh(handed_in).state) == (ReadingState.RELEASED, ReadingState.SUBMITTED)
    assert AuditEvent.objects.filter(verb="membership.end", table="curation_membership").get().reason == "Moved on."
    assert queries.my_work(who.curator).drafts == []
    with pytest.raises(NotAllowed):
        annotation.start_reading(project=project, article=reading.article, by=who.curator)
    worlds.decided(handed_in, who.moderator)
    people.set_membership(project=project, user=who.curator, role="curator", by=who.administrator)
    assert [draft.reading for draft in queries.my_work(who.curator).drafts] == [reading]
    again = annotation.start_reading(project=project, article=reading.article, by=who.curator)
    assert again.annotations.count() == 6


def test_what_goes_back_to_somebody_who_left_is_free_for_another(submitted: Reading, who: People) -> None:
    assignment.leave(project=submitted.project, user=who.curator, by=who.administrator)
    returned = worlds.sent_back(fresh(submitted), who.moderator, note="See figure 1.")
    assert (returned.state, returned.note) == (ReadingState.RELEASED, "See figure 1.")
    assert assignment.take_next(by=who.curator2).article == submitted.article


def test_screening_goes_on_without_them(project: Project, who: People) -> None:
    worlds.with_two_screeners(project, who.moderator)
    voted, aside = (worlds.to_screen(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2))
    screening.include(screening_id=voted.pk, version=1, by=who.curator)
    screening.set_aside(screening_id=aside.pk, version=1, by=who.curator)
    assert queries.leaving(who.administrator, project, who.curator).votes == 1
    assignment.leave(project=project, user=who.curator, by=who.administrator)
    screening.include(screening_id=voted.pk, version=1, by=who.curator2)
    for person in (who.curator2, who.moderator):
        screening.include(screening_id=aside.pk, version=1, by=person)
    assert {fresh(row).state for row in (voted, aside)} == {ScreeningState.INCLUDED}


def test_searches_and_imports_go_on(project: Project, who: People) -> None:
    search = searches.create(project=project, title="New", query="myositis", every_days=7, by=who.moderator2)
    record = f"<PubmedArticleSet>{a_record(8)}</PubmedArticleSet>".encode()
    batch = articles.open_batch_of_file(project=project, name="one.xml", stream=BytesIO(record), by=who.moderator2)
    assignment.leave(project=project, user=who.moderator2, by=who.administrator)
    search = fresh(search)
    assert (search.owner, search.is_paused) == (who.moderator, False)
    searches.run(search_id=search.pk, by=search.owner)
    tasks.run_batch(batch.pk)
    assert Screening.objects.filter(project=project, article__pmid=8).exists()
    assert (fresh(batch).opened_by, fresh(batch).trouble) == (who.moderator2, "")


def test_the_last_moderator_stays(project: Project, who: People) -> None:
    assignment.leave(project=project, user=who.moderator2, by=who.administrator)
    assert "last moderator" in queries.leaving(who.administrator, project, who.moderator).stays
    with pytest.raises(WrongState, match="The moderator is the last moderator"):
        assignment.leave(project=project, user=who.moderator, by=who.administrator)
    with pytest.raises(WrongState, match="last moderator"):
        people.set_membership(project=project, user=who.moderator, role="curator", by=who.administrator)
    with pytest.raises(WrongState, match="last moderator"):
        assignment.set_active(user_id=who.moderator.pk, active=False, by=who.administrator)
    with pytest.raises(NotAllowed):
        assignment.leave(project=project, user=who.curator, by=who.moderator)
    with pytest.raises(NotFound):
        assignment.leave(project=project, user=who.stranger, by=who.administrator)
    assert Membership.objects.filter(project=project).count() == 3


def test_a_closed_account_leaves_nothing_stuck_either(started: Reading, who: People) -> None:
    assignment.set_active(user_id=who.curator.pk, active=False, by=who.administrator)
    assert fresh(started).state == ReadingState.RELEASED
    assignment.set_active(user_id=who.curator.pk, active=True, by=who.administrator)
    assert [draft.why for draft in queries.my_work(who.curator).drafts] == [""]


def test_leaving_by_page_and_api(client: Client, started: Reading, who: People) -> None:
    project = started.project
    client.force_login(who.administrator)
    address = f"/projects/{project.slug}/members/{who.curator.pk}/remove/"
    words = client.get(address).content.decode()
    assert "1 reading that is open goes back to the pool" in words
    assert Membership.objects.filter(user=who.curator).exists()
    client.post(address, {"reason": "Moved on."})
    assert fresh(started).state == ReadingState.RELEASED
    back = client.post(f"/projects/{project.slug}/members/set/", {"username": "nobody at all", "role": "curator"})
    assert "nobody here has the user name" in back.content.decode()
    client.post(f"/projects/{project.slug}/members/set/", {"username": "curator", "role": "curator"})
    headers = {"Authorization": worlds.token_of(who.administrator)}
    one = f"/api/v1/projects/{project.slug}/members/curator"
    assert client.get(one, headers=headers).json()["open"] == 0
    assert client.delete(one, headers=headers).status_code == 200
    assert client.delete(one, headers=headers).status_code == 404
    assert not Membership.objects.filter(project=project, user=who.curator).exists()
    client.force_login(who.moderator)
    assert client.post(f"/projects/{project.slug}/members/{who.curator2.pk}/remove/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_the_last_two_moderators_do_not_leave_at_once(project: Project, who: People) -> None:
    leavers = (who.moderator, who.moderator2)
    answers = at_once(*(lambda each=each: assignment.leave(project=project, user=each, by=who.administrator) for each in leavers))
    assert {type(each).__name__ for each in answers} == {"Leaving", "WrongState"}


@pytest.mark.django_db(transaction=True)
def test_whoever_just_goes_on_keeps_their_reading(begun: Reading, who: People) -> None:
    remark = {"reading_id": begun.pk, "patient_id": begun.patients.get().pk, "feature_slug": "remark", "status": "present"}
    answers = at_once(
        lambda: annotation.record(**remark, value="Still here.", by=who.curator),
        lambda: pool.release_abandoned(at=timezone.now() + timedelta(days=30), by=people.schedule()),
    )
    kept = Annotation.objects.filter(reading=begun, feature__slug="remark").exists()
    assert kept != isinstance(answers[0], WrongState)


def test_every_count_agrees_and_a_difference_is_told(
    published: worlds.Ruling, codebook: CodebookVersion, who: People, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("explain_state", "imnm", "34829411")
    told = capsys.readouterr().out
    assert "Published, because its findings are published" in told
    assert "accepted: 1" in told
    worlds.to_screen(published.project, worlds.an_article(pmid=2), who.moderator)
    call_command("explain_state", "imnm")
    assert "Every state agrees" in capsys.readouterr().out
    call_command("explain_state", "imnm", "34829411", to="curator2")
    assert "Published" in capsys.readouterr().out


def test_a_count_that_is_wrong_ends_the_command_badly(
    published: worlds.Ruling, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(standing, "tally", lambda user, project: [("published", "Published", 2)])
    with pytest.raises(CommandError, match="1 differences"):
        call_command("explain_state", "imnm")
    assert "published is 2, and 1 by the facts" in capsys.readouterr().err
