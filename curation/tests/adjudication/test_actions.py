"""What moderators decide where two readings differ, what is published by it, and every refusal."""

import pytest

from curation.adjudication import actions, queries
from curation.adjudication.actions import Third
from curation.adjudication.layout import Stand
from curation.annotation.actions import Quote
from curation.choices import FindingState, ReadingState, RulingKind
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import Adjudication, AuditEvent, Decision, Finding, Reading, Ruling, Section, User
from curation.review import actions as review
from curation.review import proofs
from curation.review import queries as reviewed
from curation.tests import worlds
from curation.tests.adjudication.conftest import Case
from curation.tests.worlds import People, fresh


def published(slug: str) -> Finding:
    return Finding.objects.published().get(feature__slug=slug)


def a_quote(case: Case, words: str = "12 years ago") -> Quote:
    return Quote(Section.objects.current().get(article=case.article, key="abstract").pk, words)


def test_what_agrees_is_filled_in_and_what_differs_is_open(case: Case) -> None:
    desk = case.desk()
    assert {point.feature.slug: point.stand for point in desk.points} == {
        **dict.fromkeys(("sex", "weakness", "symmetry", "regions"), Stand.AGREED),
        **dict.fromkeys(("age", "ck"), Stand.OPEN),
    }
    assert (desk.settled, len(desk.at_issue)) == (0, 2)


def test_the_same_in_other_words_agrees(case: Case) -> None:
    case.back(case.other, age="420 months", ck="5.32 kU/L")
    assert not case.desk().at_issue


def test_following_one_reading(case: Case) -> None:
    decision = case.decide("age")
    assert (decision.value, decision.low, decision.reason) == ("P35Y", 35, "Table 1 says so.")
    assert (case.desk().settled, len(case.desk().at_issue)) == (1, 2)
    case.settle()
    ruling = case.act(actions.publish, reason="Done.")
    assert (ruling.kind, ruling.reading, ruling.moderator) == (RulingKind.ADJUDICATE, None, case.by)
    age, sex = published("age"), published("sex")
    assert (age.value, age.decision, age.ruling) == ("P35Y", decision, ruling)
    assert [a.reading for a in age.annotations.all()] == [case.one]
    assert {a.reading for a in sex.annotations.all()} == {case.one, case.other}
    assert {fresh(case.one).state, fresh(case.other).state} == {ReadingState.ACCEPTED}
    assert {e.verb for e in AuditEvent.objects.of_row("curation_finding", age.pk)} == {"adjudication.publish"}


def test_derived_values_follow_in_the_same_act(case: Case) -> None:
    case.settle()
    ruling = case.act(actions.publish)
    assert Finding.objects.published().filter(ruling=ruling).count() == 6
    story = AuditEvent.objects.filter(table="curation_finding").values_list("transaction", flat=True)
    assert len(set(story)) == 1


def test_a_third_answer_brings_its_own_evidence(case: Case) -> None:
    third = Third("present", "34 years", comment="By the dates.", quotes=[a_quote(case)])
    case.decide("age", "third", third=third)
    case.decide("ck")
    case.act(actions.publish)
    age = published("age")
    assert (age.value, age.low, age.comment) == ("P34Y", 34, "By the dates.")
    assert not age.annotations.exists()
    page = reviewed.finding_page(case.by, age.pk)
    assert [quote.evidence.exact for quote in page.line.quotes] == ["12 years ago"]
    assert [each.exact for each in proofs.of(reviewed.finding(None, age.pk))] == ["12 years ago"]


@pytest.mark.parametrize(
    ("third", "reason"),
    [
        (Third("present", "34 years"), "needs evidence"),
        (Third("present", "many years"), "cannot be read"),
        (Third("indeterminate", None), "needs a comment"),
        (Third("perhaps", "34 years"), "must be one of"),
    ],
)
def test_a_third_answer_is_as_complete_as_a_readers(case: Case, third: Third, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        case.decide("age", "third", third=third)
    assert reason in " ".join(map(str, refused.value.faults))
    assert not Decision.objects.exists()


def test_the_words_of_a_third_answer_stand_in_the_article(case: Case) -> None:
    with pytest.raises(Invalid, match="quote"):
        case.decide("age", "third", third=Third("present", "34 years", quotes=[a_quote(case, "34 years old")]))


def test_indeterminate_and_neither(case: Case) -> None:
    case.decide("age", "indeterminate", reason="The abstract and the table differ.")
    case.decide("ck", "neither", reason="Another patient's.")
    case.act(actions.publish)
    age = published("age")
    assert (age.status, age.value, age.comment) == ("indeterminate", None, "The abstract and the table differ.")
    assert {a.reading for a in age.annotations.all()} == {case.one, case.other}
    assert not Finding.objects.filter(feature__slug="ck").exists()


def test_what_both_say_may_be_overruled_too(case: Case) -> None:
    case.settle()
    case.decide("sex", "neither", reason="The figure's legend speaks of two.")
    case.act(actions.publish)
    assert not Finding.objects.filter(feature__slug="sex").exists()


def test_a_decision_on_what_others_hang_on(case: Case) -> None:
    case.settle()
    third = Third("excluded", quotes=[a_quote(case)])
    case.decide("weakness", "third", third=third)
    assert case.point("symmetry").stand == Stand.OUT
    case.act(actions.publish)
    assert not Finding.objects.filter(feature__slug="symmetry").exists()


def test_what_nobody_answered_and_is_asked_now(case: Case) -> None:
    for reading in (case.one, case.other):
        back = worlds.sent_back(fresh(reading), case.by, note="None.")
        worlds.changed(back, "weakness", status="excluded")
        symmetry = back.annotations.get(feature__slug="symmetry")
        worlds.annotation.remove(annotation_id=symmetry.pk, version=symmetry.version, by=back.curator)
        worlds.annotation.submit(reading_id=back.pk, version=fresh(back).version, by=back.curator)
    case.settle()
    case.decide("weakness", "third", third=Third("present", quotes=[a_quote(case)]))
    assert case.point("symmetry").stand == Stand.OPEN
    with pytest.raises(WrongState, match="not settled"):
        case.act(actions.publish)
    case.decide("symmetry", "neither", reason="Nobody says.")
    case.act(actions.publish)


@pytest.mark.parametrize("outcome", ["followed", "third", "indeterminate", "neither"])
def test_a_reason_is_required(case: Case, outcome: str) -> None:
    with pytest.raises(Invalid, match="for a reason"):
        case.decide("age", outcome, reason=" ")


def test_what_cannot_be_decided(case: Case) -> None:
    with pytest.raises(Invalid, match="what holds"):
        case.decide("age", "whatever")
    with pytest.raises(Invalid, match="which reading"):
        case.decide("age", reading_id=0)
    with pytest.raises(NotFound, match="Neither reading"):
        case.act(actions.decide, place=(case.patient.pk, "remark", 1), outcome="neither", reason="x")
    assert not Adjudication.objects.exists()


def test_deciding_again_and_taking_back(case: Case) -> None:
    case.decide("age")
    case.decide("age", reading_id=case.other.pk)
    assert Decision.objects.get().value == "P36Y"
    place = case.point("age").place
    case.act(actions.take_back, place=place)
    assert case.point("age").stand == Stand.OPEN
    with pytest.raises(WrongState, match="Nothing is decided"):
        case.act(actions.take_back, place=place)


def test_nothing_is_published_before_all_is_settled(case: Case) -> None:
    case.decide("age")
    with pytest.raises(WrongState, match="One point is not settled") as refused:
        case.act(actions.publish)
    assert [str(fault) for fault in refused.value.faults] == ["Patient 1: CK value: the readers differ"]
    assert not Finding.objects.exists()
    assert Decision.objects.filter(ruling=None).exists()


def test_what_was_decided_on_other_answers_is_asked_again(case: Case) -> None:
    case.settle()
    case.back(case.other, age="P37Y")
    assert {point.feature.slug: point.stand for point in case.desk().at_issue} == {"age": Stand.STALE, "ck": Stand.SETTLED}
    with pytest.raises(WrongState) as refused:
        case.act(actions.publish)
    assert "since it was decided" in str(refused.value.faults[0])
    case.decide("age")
    case.act(actions.publish)


def test_while_a_reading_is_back_nothing_is_decided_and_nothing_lost(case: Case) -> None:
    case.decide("age")
    version = case.desk().version
    worlds.sent_back(fresh(case.other), case.by, note="Look again.")
    with pytest.raises(WrongState, match="has submitted"):
        actions.publish(project=case.project, article_id=case.article.pk, version=version, by=case.by)
    assert Decision.objects.count() == 1


def test_a_stale_or_missing_version(case: Case) -> None:
    version = case.desk().version
    case.decide("age")
    with pytest.raises(Stale, match="changed since you read it"):
        case.act(actions.publish, version=version)
    with pytest.raises(VersionMissing):
        case.act(actions.publish, version=None)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [("curator", NotAllowed), ("curator2", NotAllowed), ("stranger", NotAllowed), ("administrator", NotAllowed)],
)
def test_only_moderators_see_and_decide(case: Case, who: People, actor: str, refusal: type[Exception]) -> None:
    by = getattr(who, actor)
    with pytest.raises(refusal):
        case.moderated_by(by).desk()
    with pytest.raises(refusal):
        case.act(actions.publish, by=by)
    assert not Finding.objects.exists()


def test_nobody_adjudicates_what_they_read(who: People, pair: worlds.Project, article: worlds.Article) -> None:
    worlds.included(pair, article, who.moderator2)
    one, other = worlds.read_twice(pair, article, who.curator, who.moderator, differing={"age": "P36Y"})
    case = Case(pair, article, one, other, who.moderator2)
    assert list(queries.waiting(who.moderator)) == []
    assert [each.article for each in queries.waiting(who.moderator2)] == [article]
    with pytest.raises(NotAllowed, match="your own reading"):
        case.moderated_by(who.moderator).desk()
    with pytest.raises(NotAllowed, match="your own reading"):
        case.act(actions.decide, by=who.moderator, place=case.point("age").place, outcome="neither", reason="x")
    case.settle()
    assert not Adjudication.objects.visible_to(who.moderator).exists()
    case.act(actions.publish)
    overruled = published("age")
    with pytest.raises(NotAllowed, match="your own reading"):
        review.retract(finding_id=overruled.pk, version=overruled.version, reason="Mine was right.", by=who.moderator)


def test_one_reader_is_nothing_to_adjudicate(case: Case, who: People, submitted: Reading) -> None:
    with pytest.raises(WrongState, match="asks for one reader"):
        queries.desk(who.moderator, submitted.project, submitted.article_id)
    with pytest.raises(NotFound, match="nothing to adjudicate"):
        queries.desk(who.moderator, case.project, 0)


# --- what agrees first ------------------------------------------------------------------------------------------------


def agreed_first(case: Case, by: User) -> None:
    version = fresh(case.project).version
    actions.set_merge_policy(project_id=case.project.pk, version=version, policy="agreed_first", by=by)


def test_what_agrees_may_be_published_first(case: Case) -> None:
    with pytest.raises(WrongState, match="everything of an article together"):
        case.act(actions.publish_agreed)
    agreed_first(case, case.by)
    first = case.act(actions.publish_agreed)
    assert first.kind == RulingKind.PUBLISH
    assert set(Finding.objects.published().values_list("feature__slug", flat=True)) == {"sex", "weakness", "symmetry", "regions"}
    assert fresh(case.one).state == ReadingState.SUBMITTED
    with pytest.raises(WrongState, match="published already"):
        case.act(actions.publish_agreed)
    case.settle()
    case.act(actions.publish)
    assert Finding.objects.count() == Finding.objects.published().count() == 6
    assert published("sex").ruling == first


def test_what_was_published_from_an_answer_keeps_it(case: Case) -> None:
    """A reader whose reading came back after a part was published says something else, and does not take it away."""
    agreed_first(case, case.by)
    case.act(actions.publish_agreed)
    back = worlds.sent_back(fresh(case.one), case.by, note="Look again.")
    answer = back.annotations.get(feature__slug="sex")
    with pytest.raises(WrongState, match="“Sex” was published from this answer"):
        worlds.annotation.remove(annotation_id=answer.pk, version=answer.version, by=back.curator)
    worlds.changed(back, "sex", status="not_reported")
    assert published("sex").value == "male"


def test_who_sets_the_policy(case: Case, who: People) -> None:
    with pytest.raises(NotAllowed):
        agreed_first(case, who.curator)
    with pytest.raises(Invalid):
        actions.set_merge_policy(project_id=case.project.pk, version=case.project.version, policy="never", by=case.by)


# --- re-opening -------------------------------------------------------------------------------------------------------


def test_an_article_is_taken_up_again(case: Case) -> None:
    case.settle()
    first = case.act(actions.publish)
    with pytest.raises(WrongState, match="re-open it first"):
        case.decide("age")
    with pytest.raises(Invalid, match="for a reason"):
        case.act(actions.reopen, reason="")
    case.act(actions.reopen, reason="An erratum came.")
    assert fresh(case.one).state == ReadingState.SUBMITTED
    assert Finding.objects.published().count() == 6
    case.back(case.other, age="P37Y", sex="female")
    assert {point.feature.slug: point.stand for point in case.desk().at_issue} == {
        "sex": Stand.OPEN,
        "age": Stand.STALE,
        "ck": Stand.SETTLED,
    }
    before = case.point("age").decision
    case.settle()
    assert case.point("age").before == before
    second = case.act(actions.publish)
    assert published("weakness").ruling == first
    assert {f.ruling for f in Finding.objects.published().filter(feature__slug__in=("age", "sex"))} == {second}
    assert Finding.objects.filter(state=FindingState.SUPERSEDED).count() == 2
    assert [r.kind for r in Ruling.objects.order_by("pk")] == ["adjudicate", "reopen", "send_back", "adjudicate"]


def test_what_was_retracted_is_not_published_again_unasked(case: Case, who: People) -> None:
    case.settle()
    case.act(actions.publish)
    for slug in ("sex", "age"):
        finding = published(slug)
        review.retract(finding_id=finding.pk, version=finding.version, reason="Of the brother.", by=who.moderator2)
    case.act(actions.reopen, reason="The brother.")
    assert {point.feature.slug for point in case.desk().open_points} == {"sex", "age"}
    with pytest.raises(WrongState, match="2 points are not settled"):
        case.act(actions.publish)
    case.decide("sex", "neither", reason="Of the brother.")
    case.decide("age", reason="His own after all.")
    case.act(actions.publish)
    assert published("age").value == "P35Y"
    assert not Finding.objects.published().filter(feature__slug="sex").exists()


def test_only_what_is_published_is_taken_up_again(case: Case) -> None:
    with pytest.raises(WrongState, match="not published yet"):
        case.act(actions.reopen, reason="Why not.")
