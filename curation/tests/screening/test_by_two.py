"""Two screeners, blind to each other: what each may learn, by every way there is, and what their votes come to."""

from typing import Any

import pytest
from django.test import Client

from curation.choices import ScreeningState, Verdict
from curation.errors import NotAllowed, WrongState
from curation.models import Article, AuditEvent, Project, Screening, Vote
from curation.screening import actions as screening
from curation.screening import queries
from curation.screening.actions import Decision
from curation.tests import worlds
from curation.tests.worlds import People, fresh

NO_CASE, NO_DATA = "Not a case report", "No patient data"


@pytest.fixture
def pair(project: Project, who: People) -> Project:
    return worlds.with_two_screeners(project, who.moderator2)


@pytest.fixture
def waiting(pair: Project, article: Article, who: People) -> Screening:
    return worlds.to_screen(pair, article, who.moderator2)


def include(row: Screening, by: worlds.User, number: int | None = None) -> Screening:
    return screening.include(screening_id=row.pk, version=row.version, patients_described=number, by=by)


def exclude(row: Screening, by: worlds.User, reason: str = NO_CASE) -> Screening:
    return screening.exclude(screening_id=row.pk, version=row.version, reason=reason, by=by)


def take_back(row: Screening, by: worlds.User) -> Screening:
    return screening.take_back(screening_id=row.pk, version=row.version, by=by)


def test_the_second_vote_decides_where_both_say_the_same(waiting: Screening, who: People) -> None:
    include(waiting, who.curator, 2)
    assert fresh(waiting).state == ScreeningState.TO_SCREEN
    include(waiting, who.curator2)
    decided = fresh(waiting)
    assert (decided.state, decided.patients_described) == (ScreeningState.INCLUDED, 2)
    assert set(Vote.objects.cast().values_list("screener__username", flat=True)) == {"curator", "curator2"}


def test_the_same_reason_excludes(waiting: Screening, who: People) -> None:
    exclude(waiting, who.curator)
    exclude(waiting, who.moderator)
    assert (fresh(waiting).state, fresh(waiting).reason) == (ScreeningState.EXCLUDED, NO_CASE)


@pytest.mark.parametrize("reason", [NO_DATA, None])
def test_a_difference_goes_to_a_moderator_who_is_neither(waiting: Screening, who: People, reason: str | None) -> None:
    exclude(waiting, who.curator)
    exclude(waiting, who.moderator, reason) if reason else include(waiting, who.moderator)
    assert fresh(waiting).state == ScreeningState.TO_SCREEN
    assert not queries.conflicts(who.moderator, waiting.project).exists()
    (shown,) = queries.conflicts(who.moderator2, waiting.project)
    assert next((vote.screener, vote.verdict) for vote in shown.said) == (who.curator, Verdict.EXCLUDED)
    decision = Decision(Verdict.EXCLUDED, NO_DATA)
    screening.settle(screening_id=waiting.pk, version=1, decision=decision, reason="No case at all.", by=who.moderator2)
    assert (fresh(waiting).state, fresh(waiting).decided_by) == (ScreeningState.EXCLUDED, who.moderator2)
    assert AuditEvent.objects.of_row("curation_screening", waiting.pk)[0].reason == "No case at all."


def test_a_screener_settles_nothing(waiting: Screening, who: People) -> None:
    include(waiting, who.moderator)
    for state_of_affairs in range(2):  # alone, and in conflict: the same words
        with pytest.raises(NotAllowed, match="one of the article's screeners"):
            screening.settle(screening_id=waiting.pk, version=1, decision=Decision(Verdict.INCLUDED), by=who.moderator)
        if not state_of_affairs:
            exclude(waiting, who.curator)


def test_what_is_not_in_conflict_is_not_settled(waiting: Screening, who: People) -> None:
    include(waiting, who.curator)
    with pytest.raises(WrongState, match="not been screened by two"):
        screening.settle(screening_id=waiting.pk, version=1, decision=Decision(Verdict.INCLUDED), by=who.moderator)
    assert not queries.conflicts(who.moderator, waiting.project).exists()
    with pytest.raises(NotAllowed):
        screening.settle(screening_id=waiting.pk, version=1, decision=Decision(Verdict.INCLUDED), by=who.curator2)


def test_nobody_votes_twice_and_no_third_votes(waiting: Screening, who: People) -> None:
    include(waiting, who.curator)
    with pytest.raises(WrongState, match="screened PMID 34829411 already"):
        exclude(waiting, who.curator)
    exclude(waiting, who.curator2)
    with pytest.raises(WrongState, match="has its two screeners"):
        include(waiting, who.moderator)
    assert not queries.queue(who.moderator, waiting.project).exists()


def test_trying_which_vote_decides_leads_to_a_moderator(waiting: Screening, who: People) -> None:
    """Whoever changes a vote after the other has voted could learn the other's; so that agrees with nobody."""
    exclude(waiting, who.curator)
    include(waiting, who.curator2)
    take_back(waiting, who.curator2)
    exclude(waiting, who.curator2)
    assert fresh(waiting).state == ScreeningState.TO_SCREEN
    (shown,) = queries.conflicts(who.moderator, waiting.project)
    assert len(shown.said) == 3


def test_a_vote_changed_before_the_other_voted_is_as_good(waiting: Screening, who: People) -> None:
    include(waiting, who.curator)
    take_back(waiting, who.curator)
    exclude(waiting, who.curator)
    exclude(waiting, who.curator2)
    assert fresh(waiting).state == ScreeningState.EXCLUDED


def test_what_two_decided_only_a_moderator_reopens(waiting: Screening, who: People) -> None:
    include(waiting, who.curator)
    include(waiting, who.curator2)
    decided = fresh(waiting)
    with pytest.raises(WrongState, match="Two screeners decided"):
        take_back(decided, who.curator)
    screening.reopen(screening_id=decided.pk, version=decided.version, reason="A new criterion.", by=who.moderator)
    assert queries.queue(who.curator, decided.project).exists()
    assert Vote.objects.count() == 2
    assert not Vote.objects.standing().exists()
    exclude(fresh(waiting), who.curator)
    exclude(fresh(waiting), who.curator2)
    assert fresh(waiting).state == ScreeningState.EXCLUDED


def seen_by(client: Client, person: worlds.User, project: Project, row: Screening) -> list[Any]:
    """All that pages and API tell the person about screening in the project, without what changes from one answer to the next."""
    client.force_login(person)
    token = {"Authorization": worlds.token_of(person, "read")}
    base, api = f"/projects/{project.slug}", f"/api/v1/projects/{project.slug}"
    pages = [f"{base}/", f"{base}/screening/", f"{base}/flow/", f"{base}/screening/conflicts/", f"/screenings/{row.pk}/"]
    pages += [f"{base}/screening/decisions/?state={state}" for state in ("to_screen", "included", "excluded", "aside")]
    pages += ["/", f"/articles/?project={project.slug}", f"/articles/{row.article_id}/", "/readings/"]
    machine = [f"{api}/screenings", f"{api}/screenings?queue=1", f"{api}/flow", f"{api}/screening-conflicts", api]
    machine += [f"/api/v1/screenings/{row.pk}"]
    seen: list[Any] = []
    for address in pages:
        answer = client.get(address)
        words = [line for line in answer.content.decode().splitlines() if "csrf" not in line]
        seen.append((address, answer.status_code, words))
    for address in machine:
        answer = client.get(address, headers=token)
        seen.append((address, answer.status_code, answer.headers.get("ETag"), answer.json()))
    return seen


@pytest.mark.parametrize("screener", ["curator", "moderator"])
@pytest.mark.parametrize("theirs", [None, Verdict.INCLUDED, Verdict.EXCLUDED, Verdict.ASIDE])
def test_before_voting_nobody_learns_what_another_did(
    client: Client, waiting: Screening, who: People, screener: str, theirs: str | None
) -> None:
    me = getattr(who, screener)
    before = seen_by(client, me, waiting.project, waiting)
    vote(waiting, who.curator2, theirs)
    assert seen_by(client, me, waiting.project, waiting) == before


@pytest.mark.parametrize("screener", ["curator", "moderator"])
def test_after_voting_nobody_learns_that_the_other_differs(
    client: Client, waiting: Screening, who: People, screener: str
) -> None:
    me = getattr(who, screener)
    include(waiting, me)
    alone = seen_by(client, me, waiting.project, waiting)
    exclude(waiting, who.curator2)
    assert seen_by(client, me, waiting.project, waiting) == alone
    assert list(Vote.objects.visible_to(me)) == list(Vote.objects.filter(screener=me))


def vote(row: Screening, by: worlds.User, verdict: str | None) -> None:
    if verdict == Verdict.INCLUDED:
        include(row, by)
    elif verdict == Verdict.EXCLUDED:
        exclude(row, by)
    elif verdict == Verdict.ASIDE:
        screening.set_aside(screening_id=row.pk, version=row.version, by=by)


def test_the_admin_keeps_them_blind_too(client: Client, waiting: Screening, who: People) -> None:
    include(waiting, who.curator)
    client.force_login(who.moderator)
    assert "The curator" not in client.get("/admin/curation/vote/").content.decode()
    exclude(waiting, who.curator2)
    assert "The curator2" in client.get("/admin/curation/vote/").content.decode()


def test_a_vote_leaves_no_trace_on_the_row(waiting: Screening, who: People) -> None:
    before = Screening.objects.filter(pk=waiting.pk).values().get()
    assert include(waiting, who.curator).version == 1
    assert Screening.objects.filter(pk=waiting.pk).values().get() == before
    assert [event.verb for event in AuditEvent.objects.of_row("curation_vote", Vote.objects.get().pk)] == ["screening.include"]
