"""The rule by which articles are drawn, whatever the numbers; and the draw as a moderator makes it."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from curation.assignment import actions as assignment
from curation.assignment import drawing, rules
from curation.errors import Invalid, NotAllowed, WrongState
from curation.models import Article, AuditEvent, CodebookVersion, Project, Reading, User
from curation.tests import worlds
from curation.tests.review.test_two_moderators import at_once
from curation.tests.worlds import People, fresh

ARTICLES = st.dictionaries(st.integers(1, 30), st.integers(1, 2), max_size=12)
READERS = st.dictionaries(st.integers(1, 8), st.integers(0, 6), max_size=8)
BARRED = st.sets(st.tuples(st.integers(1, 30), st.integers(1, 8)), max_size=60)


@given(ARTICLES, READERS, BARRED, st.one_of(st.none(), st.integers(1, 8)), st.integers(1, 99))
def test_whatever_is_drawn(
    wants: dict[int, int], readers: dict[int, int], barred: set[tuple[int, int]], most: int | None, seed: int
) -> None:
    drawn = rules.draw(wants=wants, readers=readers, barred=barred, most_open=most, seed=seed)
    assert len(set(drawn.pairs)) == len(drawn.pairs), "somebody reads an article twice"
    assert not set(drawn.pairs) & barred
    got = {article: [r for a, r in drawn.pairs if a == article] for article in wants}
    assert all(len(got[article]) + drawn.left.get(article, 0) == places for article, places in wants.items())
    load = dict(readers)
    for article, reader in drawn.pairs:
        free = [r for r in load if (article, r) not in barred and r not in got[article]]
        able = [r for r in free if most is None or load[r] < most]
        assert most is None or load[reader] < most
        assert load[reader] <= min((load[r] for r in able), default=load[reader]), "somebody had fewer open"
        load[reader] += 1
    for article in drawn.left:  # nobody who could still take it was passed over
        assert not [r for r in load if (article, r) not in barred | set(drawn.pairs) and (most is None or load[r] < most)]
    assert drawn == rules.draw(wants=wants, readers=readers, barred=barred, most_open=most, seed=seed)


@given(st.integers(1, 20), st.integers(1, 6), st.integers(1, 99))
def test_among_equals_nobody_gets_two_more_than_another(articles: int, readers: int, seed: int) -> None:
    wants, equals = dict.fromkeys(range(articles), 1), dict.fromkeys(range(readers), 2)
    drawn = rules.draw(wants=wants, readers=equals, barred=(), most_open=None, seed=seed)
    numbers = [sum(reader == each for _article, reader in drawn.pairs) for each in equals]
    assert max(numbers) - min(numbers) <= 1


@pytest.mark.parametrize(("since", "after", "left"), [(0, 9, None), (5, 9, None), (6, 9, 3), (9, 9, 0), (40, 9, 0), (0, 1, 1)])
def test_the_warning_comes_in_the_last_third(since: int, after: int, left: int | None) -> None:
    assert rules.days_left(since_change=since, abandoned_after=after) == left
    assert rules.days_left(since_change=since, abandoned_after=None) is None


@pytest.fixture
def six(project: Project, who: People) -> Project:
    """Six included articles, of which one curator reads one already."""
    for pmid in range(1, 7):
        worlds.included(project, worlds.an_article(pmid=pmid), who.moderator)
    assignment.take_next(project=project, by=who.curator)
    return project


def drawn(project: Project, by: User, number: int = 10) -> list[Reading]:
    key = drawing.plan(by, project, number).key
    return assignment.draw(project=project, number=number, key=key, by=by)


def test_who_gets_what_is_shown_and_then_given(six: Project, who: People) -> None:
    plan = drawing.plan(who.moderator, six, 3)
    shares = {share.person: (share.open_now, share.open_after) for share in plan.shares}
    assert shares == {who.curator: (1, 2), who.curator2: (0, 2), who.moderator: (0, 0), who.moderator2: (0, 0)}
    assert {share.why for share in plan.shares if not share.articles} == {drawing.MODERATES}
    assert not Reading.objects.filter(curator=who.curator2).exists()
    given = assignment.draw(project=six, number=3, key=plan.key, by=who.moderator)
    assert [(each.article_id, each.curator_id) for each in given] == plan.drawn.pairs
    assert {each.assigned_by for each in given} == {who.moderator}
    assert AuditEvent.objects.of_row("curation_reading", given[0].pk)[0].verb == "reading.draw"


def test_nobody_gets_more_than_the_maximum(six: Project, who: People) -> None:
    worlds.set_up(six, who.moderator, most_open=2)
    plan = drawing.plan(who.moderator, fresh(six), 10)
    assert (plan.number, len(plan.gaps)) == (3, 2)
    assert "as many readings are open as one person may have" in plan.gaps[0].why
    drawn(fresh(six), who.moderator)
    with pytest.raises(WrongState, match="2 readings open in “Imnm”, as many as one person may"):
        assignment.take_next(project=fresh(six), by=who.curator)
    assert drawing.plan(who.moderator, fresh(six), 10).number == 0
    with pytest.raises(WrongState, match="Nobody can be given anything"):
        drawn(fresh(six), who.moderator)
    with pytest.raises(WrongState, match="as many as one person may"):
        row = worlds.included(six, worlds.an_article(pmid=99), who.moderator)
        assignment.assign(project=fresh(six), article=row.article, reader=who.curator, by=who.moderator)


def test_who_reads_beside_whoever_draws_is_not_told_and_nobody_passes_the_maximum(who: People, codebook: CodebookVersion) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    rows = [worlds.included(pair, worlds.an_article(pmid=pmid), who.moderator2) for pmid in range(1, 7)]
    shared, other = (row.article for row in rows[:2])
    worlds.set_up(pair, who.moderator2, most_open=3)
    for reader in (who.moderator, who.curator):
        worlds.started(fresh(pair), shared, reader)
    worlds.started(fresh(pair), other, who.curator)
    plan = drawing.plan(who.moderator, fresh(pair), 10)
    shares = {share.person: (share.open_now, share.open_after) for share in plan.shares}
    assert (plan.beside, shares[who.curator], shares[who.curator2]) == (1, (1, 2), (0, 2)), "the one reads beside, the other may"

    def give(article: Article, reader: User, by: User) -> None:
        assignment.assign(project=fresh(pair), article=article, reader=reader, by=by)

    give(rows[2].article, who.curator, who.moderator)  # who has three open now
    give(rows[2].article, who.curator2, who.moderator)
    give(rows[3].article, who.curator2, who.moderator)  # who has two, and might read the shared one
    for reader in (who.curator, who.curator2):
        with pytest.raises(WrongState, match=r"may have 3 readings open in “Pair”.*you read articles there.*another moderator"):
            give(rows[4].article, reader, who.moderator)
    give(rows[4].article, who.curator2, who.moderator2)
    assert [Reading.objects.open().filter(curator=reader).count() for reader in (who.curator, who.curator2)] == [3, 3]


def test_the_screener_gets_none_of_what_they_screened(six: Project, who: People) -> None:
    worlds.people.set_membership(project=six, user=who.moderator, role="curator", by=who.administrator)
    worlds.set_up(six, who.moderator2, screener_may_read=False)
    plan = drawing.plan(who.moderator2, fresh(six), 10)
    (share,) = [each for each in plan.shares if each.person == who.moderator]
    assert (share.articles, share.why) == ([], "whoever screened an article does not read it here")
    assert plan.number == 5


def test_two_readers_of_each_are_two_people(who: People, codebook: CodebookVersion) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    for pmid in (1, 2):
        worlds.included(pair, worlds.an_article(pmid=pmid), who.moderator)
    given = drawn(pair, who.moderator)
    assert {(each.article.pmid, each.curator) for each in given} == {
        (pmid, reader) for pmid in (1, 2) for reader in (who.curator, who.curator2)
    }


def test_the_random_order_is_the_seeds(six: Project, who: People) -> None:
    def order(seed: int) -> list[int]:
        worlds.set_up(six, who.moderator, reading_order="random", reading_seed=seed)
        return list(drawing.plan(who.moderator, fresh(six), 10).rows)

    assert order(1) == order(1)
    assert sorted(order(1)) == sorted(order(2))
    assert len({tuple(order(seed)) for seed in range(1, 6)}) > 1


def test_what_was_looked_at_is_what_is_given_or_nothing(six: Project, who: People) -> None:
    plan = drawing.plan(who.moderator, six, 3)
    assignment.take_next(project=six, by=who.curator2)
    with pytest.raises(WrongState, match="The pool changed since you looked"):
        assignment.draw(project=six, number=3, key=plan.key, by=who.moderator)
    with pytest.raises(Invalid, match="how many"):
        drawing.plan(who.moderator, six, 201)
    for person in (who.curator, who.administrator, who.outsider):
        with pytest.raises(NotAllowed):
            assignment.draw(project=six, number=3, key=plan.key, by=person)
    assert Reading.objects.count() == 2


def test_what_the_moderator_reads_beside_another_is_not_theirs_to_draw(who: People, codebook: CodebookVersion) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    row = worlds.included(pair, worlds.an_article(), who.moderator2)
    worlds.started(pair, row.article, who.moderator)
    assert drawing.plan(who.moderator, pair, 10).number == 0
    assert drawing.plan(who.moderator2, pair, 10).number == 1


def test_whoever_may_have_seen_the_first_reading_is_not_the_second_reader(who: People, codebook: CodebookVersion) -> None:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    row = worlds.included(pair, worlds.an_article(), who.moderator2)
    worlds.submitted(pair, row.article, who.curator)
    with pytest.raises(NotAllowed, match="may see what the first reader"):
        worlds.started(pair, row.article, who.moderator)
    assert assignment.take_next(by=who.curator2).article == row.article


def test_the_draw_by_page_api_and_admin(client: Client, six: Project, who: People) -> None:
    client.force_login(who.moderator)
    page = client.get(f"/projects/{six.slug}/readers/draw/?articles=1").content.decode()
    assert "1 reading would be given out" in page
    assert "nothing: moderators are not drawn" in page
    sent = {"articles": 1, "key": drawing.plan(who.moderator, six, 1).key}
    assert client.post(f"/projects/{six.slug}/readers/draw/", sent).status_code == 302
    headers = {"Authorization": worlds.token_of(who.moderator)}
    shown = client.get(f"/api/v1/projects/{six.slug}/draw?articles=2", headers=headers).json()
    assert sum(len(share["articles"]) for share in shown["shares"]) == shown["number"] == 2
    body = {"articles": 2, "key": shown["key"]}
    confirm = {"path": f"/api/v1/projects/{six.slug}/draw", "data": body, "content_type": "application/json", "headers": headers}
    assert client.post(**confirm).status_code == 201  # type: ignore[arg-type]
    again = client.post(**confirm)  # type: ignore[arg-type]
    assert (again.status_code, "The pool changed" in again.json()["detail"]) == (409, True)
    asked = {"action": "draw", "_selected_action": six.pk, "apply": "yes", "articles": 2}
    looked = client.post("/admin/curation/project/", asked).content.decode()
    assert "PMID" in looked
    assert Reading.objects.count() == 4
    key = drawing.plan(who.moderator, six, 2).key
    client.post("/admin/curation/project/", {**asked, "confirmed": "yes", f"key_{six.pk}": key})
    assert Reading.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_two_moderators_who_draw_at_once(six: Project, who: People) -> None:
    key = drawing.plan(who.moderator, six, 10).key
    both = (who.moderator, who.moderator2)
    answers = at_once(*(lambda by=by: assignment.draw(project=six, number=10, key=key, by=by) for by in both))
    assert {type(each) for each in answers} == {list, WrongState}
    assert Reading.objects.count() == 6


@pytest.mark.django_db(transaction=True)
def test_one_person_at_two_browsers_takes_no_more_than_the_maximum(six: Project, who: People) -> None:
    worlds.set_up(six, who.moderator, most_open=2)
    answers = at_once(*(lambda: assignment.take_next(by=who.curator) for _ in range(3)))
    assert sorted(type(each).__name__ for each in answers) == ["Reading", "WrongState", "WrongState"]
    assert Reading.objects.filter(curator=who.curator).count() == 2
