import pytest

from curation.choices import ScreeningState
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import Article, AuditEvent, Project, Screening
from curation.screening import actions as screening
from curation.screening import queries
from curation.tests import worlds
from curation.tests.worlds import People

WRONG_TOPIC = "Not a case report"


def as_it_is(row: Screening) -> tuple[object, ...]:
    return Screening.objects.values_list("state", "reason", "patients_described", "version", "decided_by").get(pk=row.pk)


def test_articles_enter_once(project: Project, who: People, article: Article) -> None:
    other = worlds.an_article(pmid=2)
    assert screening.enter(project=project, article_ids=[article.pk], by=who.curator) == 1
    assert screening.enter(project=project, article_ids=[article.pk, other.pk, other.pk], by=who.curator) == 1
    assert [row.article_id for row in queries.queue(who.curator, project)] == [article.pk, other.pk]


def test_only_members_bring_articles(project: Project, who: People, article: Article) -> None:
    with pytest.raises(NotAllowed):
        screening.enter(project=project, article_ids=[article.pk], by=who.stranger)
    assert not Screening.objects.exists()


def test_include_says_how_many_patients(to_screen: Screening, who: People) -> None:
    row = screening.include(screening_id=to_screen.pk, version=1, patients_described=3, by=who.moderator)
    assert as_it_is(row) == ("included", "", 3, 2, who.moderator.pk)
    assert AuditEvent.objects.of_row("curation_screening", row.pk)[0].verb == "screening.include"


@pytest.mark.parametrize("number", [0, -1, 1001])
def test_an_impossible_number_of_patients(to_screen: Screening, who: People, number: int) -> None:
    with pytest.raises(Invalid, match="at least one"):
        screening.include(screening_id=to_screen.pk, version=1, patients_described=number, by=who.moderator)
    assert as_it_is(to_screen)[0] == ScreeningState.TO_SCREEN


def test_exclude_gives_a_reason_of_the_project(to_screen: Screening, who: People) -> None:
    row = screening.exclude(screening_id=to_screen.pk, version=1, reason=WRONG_TOPIC, by=who.moderator)
    assert as_it_is(row) == ("excluded", WRONG_TOPIC, None, 2, who.moderator.pk)


@pytest.mark.parametrize("reason", ["", "because"])
def test_exclude_without_such_a_reason(to_screen: Screening, who: People, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        screening.exclude(screening_id=to_screen.pk, version=1, reason=reason, by=who.moderator)
    assert WRONG_TOPIC in refused.value.faults[0].reason
    assert as_it_is(to_screen)[0] == ScreeningState.TO_SCREEN


def test_a_decision_can_be_taken_back(included: Screening, who: People) -> None:
    screening.reopen(screening_id=included.pk, version=included.version, by=who.moderator)
    assert as_it_is(included) == ("to_screen", "", None, 3, None)
    with pytest.raises(WrongState):
        screening.reopen(screening_id=included.pk, version=3, by=who.moderator)


@pytest.mark.parametrize(("actor", "refusal"), [("curator", NotAllowed), ("administrator", NotAllowed), ("stranger", NotFound)])
def test_only_moderators_decide(to_screen: Screening, who: People, actor: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        screening.include(screening_id=to_screen.pk, version=1, by=getattr(who, actor))
    assert as_it_is(to_screen)[0] == ScreeningState.TO_SCREEN


def test_the_second_of_two_decisions_is_told(to_screen: Screening, who: People) -> None:
    screening.include(screening_id=to_screen.pk, version=1, by=who.moderator)
    with pytest.raises(Stale):
        screening.exclude(screening_id=to_screen.pk, version=1, reason=WRONG_TOPIC, by=who.moderator2)
    with pytest.raises(VersionMissing):
        screening.exclude(screening_id=to_screen.pk, version=None, reason=WRONG_TOPIC, by=who.moderator2)
    assert as_it_is(to_screen)[0] == ScreeningState.INCLUDED


def test_the_queue_goes_round(project: Project, who: People) -> None:
    first, second = (worlds.to_screen(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2))
    assert queries.cards(who.moderator, project)[0].screening == first
    assert queries.cards(who.moderator, project, after=first.pk)[0].screening == second
    assert queries.cards(who.moderator, project, after=second.pk)[0].screening == first
    assert queries.counts(project) == {"to_screen": 2, "included": 0, "excluded": 0}
