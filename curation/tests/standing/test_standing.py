"""Where an article stands: the words in each situation, and to whom they are told."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from curation.challenges import actions as challenges
from curation.choices import ScreeningState
from curation.errors import NotFound
from curation.models import CodebookVersion, Finding, Notice, Project, Reading, Screening
from curation.review import actions as review
from curation.screening import actions as screening
from curation.standing import queries, rules
from curation.standing.rules import Facts
from curation.standing.states import ArticleState
from curation.tests import worlds
from curation.tests.worlds import TITLE, People, fresh


def stands(row: Screening, user: object) -> str:
    """By the database, having made sure that the rule says the same of the same facts."""
    (found,) = queries.standing(user, Screening.objects.filter(pk=row.pk)).values_list("stands", flat=True)
    facts = queries.explained(user, row.project, row.article)
    assert rules.state_of(facts) == found, facts
    return str(found)


@pytest.fixture
def pair(who: People, codebook: CodebookVersion) -> Project:
    return worlds.a_project(who, codebook, slug="pair", readers_required=2)


def test_of_one_reader_in_words(to_screen: Screening, who: People) -> None:
    seen = list(_life_of_one(to_screen, who))
    assert seen == ["to_screen", "to_read", "under_reading", "to_review", "returned", "to_review", "published", "retracted"]


def _life_of_one(row: Screening, who: People) -> Iterator[str]:
    yield stands(row, who.moderator)
    screening.include(screening_id=row.pk, version=row.version, patients_described=1, by=who.moderator)
    yield stands(row, who.moderator)
    reading = worlds.complete(row.project, row.article, who.curator)
    yield stands(row, who.moderator)
    reading = worlds.annotation.submit(reading_id=reading.pk, version=reading.version, by=who.curator)
    assert stands(row, who.curator) == stands(row, who.curator2) == "to_review"  # one reader is blind to nobody
    assert stands(row, who.stranger) == "under_reading"
    yield stands(row, who.moderator)
    reading = worlds.sent_back(reading, who.moderator, note="Look again.")
    yield stands(row, who.moderator)
    reading = worlds.annotation.submit(reading_id=reading.pk, version=reading.version, by=who.curator)
    yield stands(row, who.moderator)
    worlds.decided(reading, who.moderator)
    assert stands(row, AnonymousUser()) == "published"
    yield stands(row, who.moderator)
    for finding in Finding.objects.published().filter(rule=None):
        review.retract(finding_id=finding.pk, version=finding.version, reason="Wrong patient.", by=who.moderator)
    yield stands(row, who.moderator)


def test_an_excluded_one(to_screen: Screening, who: People) -> None:
    screening.exclude(screening_id=to_screen.pk, version=1, reason="No patient data", by=who.moderator)
    assert stands(to_screen, who.curator) == "excluded"


def test_two_readers_learn_nothing_of_each_other(pair: Project, who: People) -> None:
    row = worlds.included(pair, worlds.an_article(), who.moderator2)
    readers, told = (who.curator, who.moderator), []
    for reader in readers:
        worlds.started(pair, row.article, reader)
    told.append(stands(row, who.moderator2))
    _hand_in(pair, row, who.curator)
    assert {stands(row, each) for each in (*readers, who.curator2, who.stranger)} == {"under_reading"}
    told.append(stands(row, who.moderator2))
    _hand_in(pair, row, who.moderator)
    assert {stands(row, each) for each in (*readers, who.curator2)} == {"under_reading"}
    told.append(stands(row, who.administrator))
    assert told == ["under_reading", "waiting_second", "to_adjudicate"]
    worlds.sent_back(Reading.objects.get(curator=who.curator), who.moderator2, note="Again.")
    assert {stands(row, each) for each in (*readers, who.curator2)} == {"under_reading"}
    assert stands(row, who.moderator2) == "returned"


def _hand_in(pair: Project, row: Screening, reader: worlds.User) -> Reading:
    reading = Reading.objects.get(article=row.article, curator=reader)
    for slug, status, value, words in worlds.ANSWERS:
        worlds.answered(reading, slug, status, value, words)
    worlds.answered(reading, "regions", worlds.Status.NOT_REPORTED)
    reading = fresh(reading)
    return worlds.annotation.submit(reading_id=reading.pk, version=reading.version, by=reader)


def test_a_notice_asks_for_another_look_until_somebody_looked(published: worlds.Ruling, who: People) -> None:
    row = Screening.objects.get(article=published.article)
    Notice.objects.create(article=row.article, position=90, kind="CommentIn", source="A letter")
    assert stands(row, who.moderator) == "published"
    Notice.objects.create(article=row.article, position=91, kind="ErratumIn", source="J Cases. 2022", pmid=7)
    assert stands(row, who.moderator) == stands(row, AnonymousUser()) == "to_reevaluate"
    challenges.reevaluate(project=row.project, article=row.article, stands=True, reason="The title only.", by=who.moderator)
    assert stands(row, who.moderator) == "published"
    Notice.objects.create(article=row.article, position=92, kind="RetractionIn", source="J Cases. 2023")
    assert stands(row, who.moderator) == "to_reevaluate"


def test_many_at_once_in_one_query(project: Project, who: People) -> None:
    for pmid in range(1, 7):
        row = worlds.included(project, worlds.an_article(pmid=pmid), who.moderator)
        if pmid % 2:
            worlds.started(project, row.article, who.curator)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        told = queries.of_articles(who.moderator, project, Screening.objects.values_list("article", flat=True))
    assert len(asked) == 2  # the second is this test's own list of articles
    assert sorted(told.values()) == ["to_read"] * 3 + ["under_reading"] * 3
    assert queries.tally(who.moderator, project) == [("to_read", "To be read", 3), ("under_reading", "Under reading", 3)]
    assert {row.stands for row in queries.articles(who.curator, project, "to_read")} == {"to_read"}


def test_what_is_not_open_to_one_is_not_explained(private_project: Project, who: People) -> None:
    row = worlds.included(private_project, worlds.an_article(), who.moderator)
    with pytest.raises(NotFound):
        queries.explained(who.stranger, private_project, row.article)
    assert queries.tally(who.stranger, private_project) == []


def test_the_same_words_by_page_list_api_and_admin(client: Client, pair: Project, who: People) -> None:
    row = worlds.included(pair, worlds.an_article(), who.moderator)
    worlds.submitted(pair, row.article, who.curator)
    worlds.started(pair, row.article, who.curator2)
    told = {who.moderator: "Waiting for the second reader", who.curator2: "Under reading"}
    for person, words in told.items():
        client.force_login(person)
        state = "waiting_second" if person == who.moderator else "under_reading"
        listed = f"/articles/?project={pair.slug}&state="
        for address in (f"/projects/{pair.slug}/", f"/articles/{row.article_id}/", f"/screenings/{row.pk}/", row_list(pair)):
            page = client.get(address).content.decode()
            assert [each in page for each in told.values()] == [each == words for each in told.values()], address
        assert TITLE in client.get(listed + state).content.decode()
        assert TITLE in client.get(listed + "included").content.decode()
        hidden = {"waiting_second", "under_reading", "to_adjudicate", "returned"} - {state}
        assert not [each for each in hidden if TITLE in client.get(listed + each).content.decode()]
        headers = {"Authorization": worlds.token_of(person)}
        answer = client.get(f"/api/v1/projects/{pair.slug}/articles", headers=headers).json()
        assert [each["state"] for each in answer["results"]] == [state]
    client.force_login(who.moderator)
    assert told[who.moderator] in client.get("/admin/curation/screening/?stands=waiting_second").content.decode()
    assert client.get(listed + "nowhere").status_code == 422


def row_list(project: Project) -> str:
    return f"/projects/{project.slug}/screening/decisions/"


SMALL = st.integers(0, 2)
FACTS = st.builds(
    Facts,
    decision=st.sampled_from(ScreeningState.values),
    wanted=st.integers(1, 2),
    under_way=SMALL,
    sent_back=SMALL,
    submitted=SMALL,
    accepted=SMALL,
    lacking=st.integers(-1, 2),
    published=SMALL,
    decided=SMALL,
    reopened=st.booleans(),
    asks_again=st.booleans(),
    is_apart=st.booleans(),
)
PROGRESS = {
    ArticleState.ADJUDICATING,
    ArticleState.REOPENED,
    ArticleState.RETURNED,
    ArticleState.TO_REVIEW,
    ArticleState.TO_ADJUDICATE,
    ArticleState.WAITING_SECOND,
}


@given(FACTS)
def test_every_article_is_in_one_state_and_whoever_stands_apart_learns_no_progress(facts: Facts) -> None:
    state = rules.state_of(facts)
    assert state in ArticleState
    if facts.is_apart and facts.submitted + facts.sent_back + facts.under_way:
        assert state not in PROGRESS
    if facts.decision == ScreeningState.EXCLUDED:
        assert state == ArticleState.EXCLUDED
