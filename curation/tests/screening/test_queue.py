"""The queue as one person works it: set aside, undo, several at once, words of interest, settings, history."""

import pytest
from django.test import Client

from curation.choices import ScreeningState, Verdict
from curation.errors import Invalid, NotAllowed, Stale, WrongState
from curation.models import Article, AuditEvent, Project, Screening, Vote
from curation.screening import actions as screening
from curation.screening import queries, rules
from curation.screening.actions import Decision
from curation.stories import queries as stories
from curation.tests import worlds
from curation.tests.worlds import People, fresh

NO_CASE = "Not a case report"


@pytest.fixture
def three(project: Project, who: People) -> list[Screening]:
    return [worlds.to_screen(project, worlds.an_article(pmid=n), who.moderator) for n in (1, 2, 3)]


def aside(row: Screening, by: worlds.User) -> Screening:
    return screening.set_aside(screening_id=row.pk, version=row.version, by=by)


def back(row: Screening, by: worlds.User) -> Screening:
    return screening.take_back(screening_id=row.pk, version=row.version, by=by)


def order(user: worlds.User, project: Project, **where: int) -> list[int]:
    return [card.article.pmid for card in queries.cards(user, project, **where) if card.article.pmid]


def test_what_is_set_aside_comes_at_the_end(three: list[Screening], who: People) -> None:
    aside(three[0], who.moderator)
    project = three[0].project
    assert order(who.moderator, project) == [2, 3, 1]
    assert order(who.moderator, project, after=three[1].pk) == [3, 2, 1]
    assert order(who.moderator2, project) == [1, 2, 3]
    assert [card.is_aside for card in queries.cards(who.moderator, project)] == [False, False, True]
    assert queries.progress(who.moderator, project) == queries.Progress(0, 2, 1)
    assert fresh(three[0]).version == 1
    screening.include(screening_id=three[0].pk, version=1, by=who.moderator)
    assert not queries.aside(who.moderator, project).exists()


def test_several_steps_are_undone(three: list[Screening], who: People) -> None:
    one, two, three_ = three
    screening.include(screening_id=one.pk, version=1, by=who.moderator)
    screening.exclude(screening_id=two.pk, version=1, reason=NO_CASE, by=who.moderator)
    aside(three_, who.moderator)
    for row in (three_, two, one):
        said = queries.last_said(who.moderator, row.project)
        assert said is not None
        assert said.screening == row
        back(fresh(row), who.moderator)
        assert fresh(row).state == ScreeningState.TO_SCREEN
    assert queries.last_said(who.moderator, one.project) is None
    assert Vote.objects.count() == 3


def test_only_ones_own_is_taken_back(included: Screening, who: People) -> None:
    with pytest.raises(NotAllowed, match="nothing of yours"):
        back(included, who.moderator2)
    with pytest.raises(NotAllowed):
        back(included, who.curator)
    with pytest.raises(Stale):
        screening.take_back(screening_id=included.pk, version=1, by=who.moderator)
    assert fresh(included).state == ScreeningState.INCLUDED


def test_work_that_waits_is_not_undone(submitted: worlds.Reading, who: People) -> None:
    row = Screening.objects.get(article=submitted.article)
    with pytest.raises(WrongState, match="waits for review"):
        back(row, who.moderator)
    assert Vote.objects.standing().count() == 1


def test_another_moderator_decides_anew(included: Screening, who: People) -> None:
    screening.exclude(screening_id=included.pk, version=included.version, reason=NO_CASE, by=who.moderator2)
    assert [vote.screener for vote in Vote.objects.standing()] == [who.moderator2]
    with pytest.raises(NotAllowed):
        back(fresh(included), who.moderator)


def test_a_decided_article_is_not_set_aside(included: Screening, who: People) -> None:
    with pytest.raises(WrongState, match="included already"):
        aside(included, who.moderator)


def many(rows: list[Screening], decision: Decision, by: worlds.User) -> list[Screening]:
    chosen = [(row.pk, row.version) for row in rows]
    return screening.decide_many(project=rows[0].project, rows=chosen, decision=decision, by=by)


def test_several_at_once(three: list[Screening], who: People) -> None:
    many(three, Decision(Verdict.EXCLUDED, NO_CASE), who.moderator)
    assert {fresh(row).reason for row in three} == {NO_CASE}
    assert AuditEvent.objects.of_row("curation_screening", three[0].pk)[0].verb == "screening.decide_many"


def test_all_or_none(three: list[Screening], who: People) -> None:
    screening.exclude(screening_id=three[1].pk, version=1, reason=NO_CASE, by=who.moderator2)
    with pytest.raises(WrongState, match="1 of 3 articles stand in the way") as refused:
        many(three, Decision(Verdict.INCLUDED), who.moderator)
    (fault,) = refused.value.faults
    assert (fault.where, "changed since you read it" in fault.reason) == ("PMID 2", True)
    assert [fresh(row).state for row in three] == ["to_screen", "excluded", "to_screen"]
    assert Vote.objects.count() == 1


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        (Decision(Verdict.EXCLUDED, "because"), "none of them"),
        (Decision(Verdict.ASIDE), "included or excluded"),
        (Decision(Verdict.INCLUDED, patients_described=0), "from 1 to"),
    ],
)
def test_a_decision_for_several_that_is_none(three: list[Screening], who: People, decision: Decision, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        many(three, decision, who.moderator)
    assert words in refused.value.faults[0].reason


def test_several_are_some(project: Project, who: People) -> None:
    with pytest.raises(Invalid, match="Choose the articles"):
        screening.decide_many(project=project, rows=[], decision=Decision(Verdict.INCLUDED), by=who.moderator)
    with pytest.raises(WrongState) as refused:
        screening.decide_many(project=project, rows=[(9999, 1)], decision=Decision(Verdict.INCLUDED), by=who.moderator)
    assert "no screening 9999 in this project" in refused.value.faults[0].reason


def test_a_refused_selection_comes_back_chosen(client: Client, three: list[Screening], who: People) -> None:
    client.force_login(who.moderator)
    rows = [f"{three[0].pk}:1", f"{three[1].pk}:9"]
    address = f"/projects/{three[0].project.slug}/screening/many/"
    answer = client.post(address, {"row": rows, "verdict": "included", "state": "to_screen"})
    words = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was decided: 1 of 2" in words
    assert words.count("checked") == 1  # of the one whose version still fits
    assert words.count("is-in-the-way") == 1


# --- words of interest ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["weakness"], ["weakness", "Weakness"]),
        (["necroti*"], ["necrotizing", "necrotic"]),
        (["muscle weakness"], ["muscle\n weakness"]),
        (["CK"], ["CK"]),
        ([".*"], []),
        ([], []),
    ],
)
def test_words_are_found_whole(words: list[str], found: list[str]) -> None:
    text = "🧬 weakness in necrotizing, necrotic muscle\n weakness: Weakness, CK, CKD"
    spans = rules.spans_of(text, words)
    if words == ["weakness"]:
        found = ["weakness", "weakness", "Weakness"]
    assert [text[start:end] for start, end in spans] == found


def test_marks_are_safe(project: Project, who: People) -> None:
    article = worlds.an_article()
    article.sections.filter(key="abstract").update(text="a <b> weakness", html="a &lt;b&gt; weakness<script>x</script>")
    worlds.set_up(project, who.moderator, words_of_interest=["weakness", "b"])
    worlds.to_screen(project, article, who.moderator)
    (card,) = queries.cards(who.moderator, worlds.fresh(project))
    assert "<script>" not in "".join(part.html for part in card.parts)
    assert "<mark>weakness</mark>" in card.title


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_kept(project: Project, who: People) -> None:
    kept = worlds.set_up(
        project,
        who.moderator,
        criteria=" Adults. ",
        exclusion_reasons=["No case", "", "No case", "A review"],
        words_of_interest=["asymmetr*", "anti-HMGCR"],
        reading_order="newest",
        screener_may_read=False,
    )
    assert (kept.criteria, kept.exclusion_reasons, kept.version) == ("Adults.", ["No case", "A review"], 2)
    assert AuditEvent.objects.of_row("curation_project", kept.pk)[0].verb == "project.set_up_screening"


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"exclusion_reasons": ["", " "]}, "exclusion_reasons"),
        ({"exclusion_reasons": ["x" * 201]}, "exclusion_reasons"),
        ({"exclusion_reasons": [str(n) for n in range(21)]}, "exclusion_reasons"),
        ({"words_of_interest": ["*"]}, "words_of_interest"),
        ({"criteria": "a\0b"}, "criteria"),
        ({"criteria": "x" * 5001}, "criteria"),
        ({"screeners_required": 3}, "screeners_required"),
        ({"reading_order": "by colour"}, "reading_order"),
    ],
)
def test_settings_that_are_refused(project: Project, who: People, changed: dict[str, object], where: str) -> None:
    with pytest.raises(Invalid) as refused:
        worlds.set_up(project, who.moderator, **changed)
    assert refused.value.faults[0].where == where
    assert fresh(project).version == 1


def test_a_refused_settings_form_keeps_what_was_typed(client: Client, project: Project, who: People) -> None:
    client.force_login(who.moderator)
    typed = {"version": project.version, "criteria": "Adults only.", "exclusion_reasons": "", "screeners_required": "2"}
    answer = client.post(f"/projects/{project.slug}/settings/change/", typed)
    assert answer.status_code == 422
    assert "Adults only." in answer.content.decode()
    assert "name at least one" in answer.content.decode()


def test_the_history_is_told(included: Screening, article: Article, who: People) -> None:
    screening.exclude(screening_id=included.pk, version=included.version, reason=NO_CASE, by=who.moderator2)
    row = fresh(included)
    screening.reopen(screening_id=row.pk, version=row.version, reason="A table lists the patients.", by=who.moderator)
    shown = queries.story_of(who.curator, row.pk)
    told = [(event.actor, event.did, event.reason) for event in stories.story(who.curator, "screening", shown.screening).events]
    assert told == [
        ("The moderator", "put the article back into the queue", "A table lists the patients."),
        ("The moderator2", "excluded the article", NO_CASE),
        ("The moderator", "included the article", ""),
        ("The moderator", "brought the article in to be screened", ""),
    ]
    assert shown.votes == []  # of an article that is screened anew nobody sees what others said
