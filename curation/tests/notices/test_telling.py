"""Who is told of what, by the act itself; and what of it may still be read later."""

import pytest

from curation.annotation import actions as annotation
from curation.annotation.notes import actions as notes
from curation.assignment import actions as assignment
from curation.challenges import actions as challenges
from curation.models import Article, CodebookVersion, Notification, Project, Reading, Ruling, Screening, User
from curation.notices import actions, queries
from curation.people import actions as people
from curation.review import actions as review
from curation.tests import worlds
from curation.tests.worlds import People, fresh


def sentences(user: User, **asked: str) -> list[str]:
    return [each.sentence for each in queries.told(user, queries.in_full(queries.notices(user, **asked)))]


def test_whoever_is_given_an_article_is_told_and_nobody_else(included: Screening, who: People) -> None:
    reading = assignment.assign(project=included.project, article=included.article, reader=who.curator, by=who.moderator)
    (told,) = queries.told(who.curator, queries.in_full(queries.notices(who.curator)))
    assert told.sentence == "The moderator gave you “Asymmetric weakness in necrotizing myopathy” to read."
    assert told.link == f"/readings/{reading.pk}/"
    assert Notification.objects.count() == 1
    assignment.unassign(reading_id=reading.pk, version=reading.version, by=who.moderator)
    assert not sentences(who.curator)


def test_nobody_is_told_what_they_did_themselves(included: Screening, who: People) -> None:
    assignment.assign(project=included.project, article=included.article, reader=who.moderator, by=who.moderator)
    assert not Notification.objects.exists()


def test_a_reading_that_comes_back_brings_the_note_as_long_as_it_is_back(submitted: Reading, who: People) -> None:
    back = worlds.sent_back(submitted, who.moderator, note="See figure 1.")
    (told,) = queries.told(who.curator, queries.in_full(queries.notices(who.curator, kind="returned")))
    assert told.words == "See figure 1."
    annotation.submit(reading_id=back.pk, version=back.version, by=who.curator)
    (told,) = queries.told(who.curator, queries.in_full(queries.notices(who.curator, kind="returned")))
    assert told.words == ""
    again = worlds.sent_back(fresh(back), who.moderator, note="And figure 2.")
    assert [each.reading_id for each in queries.notices(who.curator)] == [again.pk, again.pk]


def test_an_answer_is_told_once_to_whoever_asked(submitted: Reading, who: People) -> None:
    note = worlds.asked(submitted, "age", "Where does it say so?", who.moderator)
    for text in ("In the abstract.", "In its first sentence."):
        note = notes.answer(note_id=note.pk, version=note.version, text=text, by=who.curator)
    (told,) = queries.told(who.moderator, queries.in_full(queries.notices(who.moderator)))
    assert (told.notice.kind, told.words) == ("answered", "In its first sentence.")
    assert told.link == f"/review/{submitted.pk}/"


def test_what_is_taken_back_is_told_to_whoever_recorded_it(published: Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    review.retract(finding_id=finding.pk, version=finding.version, reason="Of the sister.", by=who.moderator2)
    (told,) = queries.told(who.curator, queries.in_full(queries.notices(who.curator, kind="corrected")))
    assert told.words == "Of the sister."
    assert told.link == f"/readings/corrected/?article={published.article_id}&project=imnm"


def test_an_article_taken_back_whole_is_one_notice(published: Ruling, who: People) -> None:
    worlds.noticed(published.findings.earliest("pk"))
    challenges.reevaluate(
        project=published.project, article=published.article, stands=False, reason="Retracted.", by=who.moderator2
    )
    assert len(sentences(who.curator, kind="corrected")) == 1


def test_what_agrees_with_the_reading_is_not_told(published: Ruling, who: People) -> None:
    assert not sentences(who.curator, kind="corrected")


def test_an_accepted_proposal_tells_its_proposer_its_rivals_and_the_reader(published: Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    quote = annotation.Quote(section_id=published.article.sections.get(key="abstract").pk, exact="12 years")
    made = [
        challenges.propose(finding_id=finding.pk, field="value", new=new, reason="So.", quotes=[quote], by=by)
        for new, by in (("P36Y", who.curator2), ("P37Y", who.moderator))
    ]
    challenges.accept(proposal_id=made[0].pk, version=1, by=who.moderator2)
    assert "accepted your proposal for Age" in sentences(who.curator2)[0]
    assert "accepted another proposal for Age" in sentences(who.moderator)[0]
    assert "changed what you had recorded" in sentences(who.curator)[0]


def test_a_rejected_proposal_and_an_answered_flag(published: Ruling, who: People) -> None:
    finding = published.findings.get(feature__slug="age")
    proposal = challenges.propose(finding_id=finding.pk, field="comment", new="Twins.", reason="So.", by=who.curator2)
    challenges.reject(proposal_id=proposal.pk, version=1, reason="Not so.", by=who.moderator)
    flag = challenges.flag(finding_id=finding.pk, text="Look again.", by=who.stranger)
    challenges.resolve(flag_id=flag.pk, version=1, answer="It stands.", by=who.moderator)
    assert "rejected your proposal" in sentences(who.curator2)[0]
    assert "answered your flag" in sentences(who.stranger)[0]


def test_whoever_left_a_private_project_reads_nothing_of_it(private_project: Project, article: Article, who: People) -> None:
    worlds.included(private_project, article, who.moderator)
    assignment.assign(project=private_project, article=article, reader=who.curator, by=who.moderator)
    assert queries.unread(who.curator) == 1
    people.end_membership(project=private_project, user=who.curator, by=who.administrator)
    assert (sentences(who.curator), queries.unread(who.curator)) == ([], 0)


def test_a_moderator_who_reads_learns_nothing_of_the_other_reader(
    who: People, codebook: CodebookVersion, article: Article
) -> None:
    """Whatever is told to them: it is hidden as long as they read the article themselves."""
    project = worlds.a_project(who, codebook, readers_required=2)
    worlds.included(project, article, who.moderator)
    worlds.started(project, article, who.moderator)
    note = worlds.asked(worlds.submitted(project, article, who.curator), "age", "Where?", who.moderator2)
    notes.answer(note_id=note.pk, version=note.version, text="There.", by=who.curator)
    actions.tell(verb="note.answer", to=[who.moderator.pk], about=note, by=who.curator)
    assert (sentences(who.moderator), queries.unread(who.moderator)) == ([], 0)
    assert queries.unread(who.moderator2) == 1


def test_marking(included: Screening, who: People) -> None:
    assignment.assign(project=included.project, article=included.article, reader=who.curator, by=who.moderator)
    notice = queries.notices(who.curator).get()
    assert actions.mark(notice_id=notice.pk, by=who.curator).read_at
    assert queries.unread(who.curator) == 0
    actions.mark(notice_id=notice.pk, read=False, by=who.curator)
    assert actions.mark_all(by=who.curator) == 1
    assert not queries.notices(who.curator, unread=True)


def test_nobody_marks_anothers(included: Screening, who: People) -> None:
    assignment.assign(project=included.project, article=included.article, reader=who.curator, by=who.moderator)
    with pytest.raises(queries.NotFound):
        actions.mark(notice_id=queries.notices(who.curator).get().pk, by=who.administrator)


def test_what_is_told_twice_is_told_once(included: Screening, who: People) -> None:
    reading = assignment.assign(project=included.project, article=included.article, reader=who.curator, by=who.moderator)
    again = f"version {reading.version}"
    actions.tell(verb="reading.assign", to=[who.curator.pk, None], about=reading, occasion=again, by=who.moderator)
    assert Notification.objects.count() == 1


def test_a_closed_account_is_told_nothing(submitted: Reading, who: People) -> None:
    people.set_active(user_id=who.curator.pk, active=False, by=who.administrator)
    worlds.sent_back(submitted, who.moderator, note="See figure 1.")
    assert not Notification.objects.exists()
