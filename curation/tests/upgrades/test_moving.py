"""A project moves to a later version of its codebook: nothing is lost, nothing is guessed, and everything follows."""

import pytest

from curation.adjudication import actions as adjudication
from curation.annotation import actions as annotation
from curation.annotation import history
from curation.challenges import actions as challenges
from curation.choices import FindingState, Role
from curation.codebook.actions import load_codebook
from curation.cohorts import actions as cohorts
from curation.cohorts import queries as questions
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import (
    Article,
    AuditEvent,
    CodebookVersion,
    Cohort,
    Decision,
    Finding,
    Proposal,
    Reading,
    Ruling,
    Screening,
    Unmoved,
    Upgrade,
)
from curation.people import actions as people
from curation.review import actions as review
from curation.review import corrections, proofs
from curation.review import queries as findings
from curation.safekeeping import replaying
from curation.tests import worlds
from curation.tests.adjudication.conftest import Case
from curation.tests.codebook.versions import EVERY_KIND, edited
from curation.tests.upgrades.conftest import moved
from curation.tests.worlds import People, fresh
from curation.upgrades import actions, queries


def now(ruling: Ruling) -> dict[str, tuple[str, object]]:
    rows = Finding.objects.published().filter(project=ruling.project, rule=None).select_related("feature")
    return {row.feature.slug: (row.status, row.value) for row in rows}


def test_published_findings_are_carried_changed_or_left(published: Ruling, later: CodebookVersion, who: People) -> None:
    before = {row.feature.slug: row for row in published.findings.select_related("feature")}
    shown = queries.preview(who.moderator, published.project, "1.1.0")
    done = moved(published.project, who)
    assert fresh(published.project).codebook_version == later
    assert (shown.carried, shown.changed, shown.left) == (done.carried, done.changed, done.left) == (2, 2, 2)
    assert now(published) == {
        "gender": ("present", "male"),
        "symmetry": ("present", "asymmetric"),
        "ck": ("present", pytest.approx(88.6667, abs=1e-4)),
        "regions": ("not_reported", None),
    }
    assert fresh(before["regions"]).feature == before["regions"].feature, "what is the same is left alone"
    assert {fresh(before[slug]).state for slug in ("sex", "ck", "age", "weakness")} == {FindingState.SUPERSEDED}
    assert set(Unmoved.objects.values_list("finding__feature__slug", flat=True)) == {"age", "weakness"}
    assert all(table.is_equal for table in replaying.replay())


def test_what_was_changed_names_the_mapping_and_keeps_its_evidence(
    published: Ruling, later: CodebookVersion, who: People
) -> None:
    old = published.findings.get(feature__slug="sex")
    moved(published.project, who)
    new = Finding.objects.published().get(feature__slug="gender")
    assert new.ruling is not None
    assert (new.ruling.kind, new.ruling.moderator, new.ruling.reading) == ("upgrade", who.moderator2, published.reading)
    assert new.ruling.reason == "By the mapping of imnm 1.1.0 since 1.0.0."
    assert list(new.annotations.all()) == list(old.annotations.all())
    assert new.explanation["inputs"] == [{"feature": "sex", "status": "present", "value": "male", "finding_id": old.pk}]
    assert AuditEvent.objects.filter(verb="project.move_codebook", reason="codebook 1.0.0 → 1.1.0", row_id=old.pk).exists()
    assert [line.answer for line in findings.finding_page(who.stranger, new.pk).inputs.told] == [old]


def test_readers_are_not_called_corrected_by_a_mapping(published: Ruling, later: CodebookVersion, who: People) -> None:
    moved(published.project, who)
    assert not corrections.corrected(who.curator).exists()


def test_an_accepted_reading_stays_as_it_was_decided_on(published: Ruling, later: CodebookVersion, who: People) -> None:
    reading = published.reading
    assert reading is not None
    before = list(reading.annotations.order_by("pk").values())
    assert moved(published.project, who).readings == 0
    assert list(reading.annotations.order_by("pk").values()) == before


def test_an_open_reading_follows_and_what_does_not_fit_waits_for_its_reader(
    complete: Reading, later: CodebookVersion, who: People
) -> None:
    words = {a.feature.slug: [e.exact for e in a.evidence.all()] for a in complete.annotations.select_related("feature")}
    moved(complete.project, who)
    reading = fresh(complete)
    assert (reading.codebook_version, reading.version) == (later, complete.version + 1)
    standing = {a.feature.slug: a for a in reading.annotations.standing().select_related("feature")}
    assert set(standing) == {"gender", "symmetry", "ck", "regions"}
    assert [e.exact for e in standing["gender"].evidence.all()] == words["sex"]
    assert reading.annotations.count() == complete.annotations.count(), "nothing is deleted"
    with pytest.raises(Invalid) as refused:
        annotation.submit(reading_id=reading.pk, version=reading.version, by=who.curator)
    assert any("is to be said anew" in str(fault) for fault in refused.value.faults)
    with pytest.raises(Stale, match="was changed since you read it"):
        annotation.submit(reading_id=reading.pk, version=complete.version, by=who.curator)
    assert all(table.is_equal for table in replaying.replay())


def test_an_answer_that_waits_is_not_changed_as_if_it_stood(complete: Reading, later: CodebookVersion, who: People) -> None:
    moved(complete.project, who)
    left = Unmoved.objects.filter(annotation__reading=complete).earliest("pk").annotation
    assert left is not None
    with pytest.raises(WrongState, match="say it anew"):
        annotation.change(annotation_id=left.pk, version=left.version, status="present", value=None, by=who.curator)
    with pytest.raises(WrongState, match="say it anew"):
        annotation.remove(annotation_id=left.pk, version=left.version, by=who.curator)
    assert fresh(left).version == left.version


def test_what_says_there_is_nothing_is_said_of_each_part(started: Reading, later: CodebookVersion, who: People) -> None:
    worlds.answered(started, "weakness", "excluded", words="low back pain")
    moved(started.project, who)
    parts = started.annotations.standing().order_by("feature__slug")
    assert [(a.feature.slug, a.status, a.evidence.get().exact) for a in parts] == [
        ("arm_weakness", "excluded", "low back pain"),
        ("leg_weakness", "excluded", "low back pain"),
    ]


def test_two_answers_that_meet_become_one_with_the_evidence_of_both(
    started: Reading, later: CodebookVersion, who: People
) -> None:
    worlds.answered(started, "weakness", "present", words="left lower extremity weakness. Although")
    worlds.answered(started, "symmetry", "present", "asymmetric", words="left lower extremity weakness. Although")
    worlds.answered(started, "side", "present", "left", words="his first left lower extremity weakness")
    moved(started.project, who)
    one = started.annotations.standing().get(feature__slug="symmetry")
    assert {e.exact for e in one.evidence.all()} == {
        "left lower extremity weakness. Although",
        "his first left lower extremity weakness",
    }


def test_the_history_of_a_value_goes_on_through_a_move(started: Reading, later: CodebookVersion, who: People) -> None:
    patient = started.patients.get()
    for slug, status, value in (("sex", "present", "female"), ("weakness", "excluded", None), ("ck", "present", 5320)):
        worlds.answered(started, slug, status, value, words="low back pain")
    worlds.changed(started, "sex", value="male")
    moved(started.project, who)

    def of(slug: str) -> list[history.Change]:
        return history.of_value(who.curator, started.pk, patient.pk, slug)

    carried, changed, first = of("gender")
    assert (carried.before, carried.after, carried.called) == ("Present, Male", "Present, Male", "")
    assert (changed.before, changed.after, changed.who) == ("Present, Female", "Present, Male", "The curator")
    assert (first.after, first.added) == ("Present, Female", ["low back pain"])
    assert [change.after for change in of("leg_weakness")][-1] == "Excluded", "one that was split"
    assert [change.before for change in of("ck")] == ["Present, 5,320 U/L", ""], "in the unit it was said in"


@pytest.mark.django_db(transaction=True)  # or all were one act
def test_the_history_of_what_two_became_tells_of_both(started: Reading, later: CodebookVersion, who: People) -> None:
    for slug, value in (("weakness", None), ("symmetry", "asymmetric"), ("side", "left")):
        worlds.answered(started, slug, "present", value, words="left lower extremity weakness. Although")
    moved(started.project, who)
    told = history.of_value(who.curator, started.pk, started.patients.get().pk, "symmetry")
    assert [change.did for change in told] == ["moved the project to another codebook version", *["recorded an answer"] * 2]
    assert [(change.after, change.called) for change in told[1:]] == [
        ("Present, Left", "Weaker side"),
        ("Present, Asymmetric, both sides", ""),
    ]


def test_the_history_of_a_value_said_anew_tells_what_it_was(started: Reading, later: CodebookVersion, who: People) -> None:
    worlds.answered(started, "age", "present", "35 y", words="A 35-year-old male")
    moved(started.project, who)
    left = Unmoved.objects.get()
    said = {"feature_slug": "age", "status": "present", "value": "at age 35"}
    actions.enter(unmoved_id=left.pk, version=left.version, by=who.curator, **said)
    patient = started.patients.get()
    told = history.of_value(who.curator, started.pk, patient.pk, "age")
    assert [change.before for change in told] == ["Present, 35 years", ""]


def test_a_submitted_reading_is_not_published_while_something_of_it_is_open(
    submitted: Reading, later: CodebookVersion, who: People
) -> None:
    moved(submitted.project, who)
    reading = fresh(submitted)
    with pytest.raises(WrongState, match="Send the reading back") as refused:
        review.publish(reading_id=reading.pk, version=reading.version, by=who.moderator)
    assert len(refused.value.faults) == 2
    for left in Unmoved.objects.all():
        with pytest.raises(WrongState, match="can no longer be changed"):
            actions.dismiss(unmoved_id=left.pk, version=left.version, reason="Gone.", by=who.curator)
    worlds.sent_back(reading, who.moderator, note="The codebook changed.")
    age, weakness = Unmoved.objects.order_by("annotation__feature__slug")
    said = {"feature_slug": "age", "status": "present", "value": "at age 35", "by": who.curator}
    settled = actions.enter(unmoved_id=age.pk, version=age.version, **said)
    assert (settled.state, settled.annotation and settled.annotation.evidence.count()) == ("entered", 1)
    actions.dismiss(unmoved_id=weakness.pk, version=weakness.version, reason="Said of the legs below.", by=who.curator)
    for slug in ("arm_weakness", "leg_weakness"):
        worlds.answered(fresh(reading), slug, "present", words="left lower extremity weakness. Although")
    again = fresh(reading)
    again = annotation.submit(reading_id=again.pk, version=again.version, by=who.curator)
    review.publish(reading_id=again.pk, version=again.version, by=who.moderator)
    assert {"gender", "age", "arm_weakness", "leg_weakness", "ck"} <= set(now(Ruling.objects.filter(kind="publish").get()))


def test_a_reading_begun_afterwards_is_of_the_new_version(included: Screening, later: CodebookVersion, who: People) -> None:
    stale = fresh(included.project)
    assert stale.codebook_version != later
    moved(included.project, who)
    assert annotation.start_reading(project=stale, article=included.article, by=who.curator).codebook_version == later


def test_derived_values_follow(published: Ruling, later: CodebookVersion, who: People) -> None:
    moved(published.project, who)
    for derived in Finding.objects.published().exclude(rule=None):
        assert derived.feature.codebook_version == later


def test_saved_questions_follow_or_say_what_is_gone(published: Ruling, later: CodebookVersion, who: People) -> None:
    project = published.project

    def kept(question: str) -> Cohort:
        return cohorts.save_cohort(project=project, title=question[:20], question=question, by=who.stranger)

    follows, gone = kept("sex = female OR ck > 600 AND NOT side = left"), kept("weakness IS present AND sex = male")
    quiet = kept("regions = arms")
    shown = queries.preview(who.moderator, project, "1.1.0")
    assert not shown.following, "others' own questions stay theirs"
    moved(project, who)
    assert fresh(follows).question == "gender = f OR (ck > 10 AND NOT symmetry = asymmetric)"
    assert (fresh(gone).question, fresh(quiet).version) == ("weakness IS present AND gender = male", quiet.version)
    project = fresh(project)
    assert questions.ask(user=who.stranger, project=project, question="gender = male").patients == 1
    assert [mark.reason for mark in questions.understand(fresh(gone).question, questions.book(project)).marks]
    assert questions.with_gone(questions.cohorts(who.stranger, project), questions.book(project)) == {gone.pk: ["weakness"]}


def test_an_open_proposal_is_closed_and_says_why(published: Ruling, later: CodebookVersion, who: People) -> None:
    finding = published.findings.get(feature__slug="sex")
    asked = challenges.propose(finding_id=finding.pk, field="comment", new="?", reason="Doubt.", by=who.curator2)
    other = published.findings.get(feature__slug="regions")
    stays = challenges.propose(finding_id=other.pk, field="comment", new="?", reason="Doubt.", by=who.curator2)
    moved(published.project, who)
    assert (fresh(asked).state, fresh(stays).state) == ("superseded", "open")
    assert fresh(asked).answer == "The project moved to imnm 1.1.0. Propose it again for what is published now."
    assert Proposal.objects.open().get() == stays


def test_quotes_of_accepted_proposals_come_along(published: Ruling, later: CodebookVersion, who: People) -> None:
    finding = published.findings.get(feature__slug="sex")
    quote = challenges.Quote(published.reading.annotations.first().evidence.first().section_id, "he did not receive")  # type: ignore[union-attr]
    asked = challenges.propose(
        finding_id=finding.pk, field="status", new="indeterminate", reason="Unclear.", quotes=[quote], by=who.curator2
    )
    challenges.accept(proposal_id=asked.pk, version=1, by=who.moderator)
    moved(published.project, who)
    gender = Finding.objects.published().get(feature__slug="gender")
    assert "he did not receive" in {proof.exact for proof in proofs.of_findings([gender.pk])[gender.pk]}


# --- what is left -----------------------------------------------------------------------------------------------------


def test_a_moderator_says_anew_what_was_left(published: Ruling, later: CodebookVersion, who: People) -> None:
    moved(published.project, who)
    left = Unmoved.objects.get(finding__feature__slug="weakness")
    said = {"feature_slug": "leg_weakness", "status": "present", "reason": "The left leg.", "by": who.moderator}
    done = actions.enter(unmoved_id=left.pk, version=left.version, **said)
    assert done.outcome is not None
    assert (done.state, done.outcome.feature.slug, done.decided_by) == ("entered", "leg_weakness", who.moderator)
    assert proofs.of_findings([done.outcome.pk])[done.outcome.pk][0].exact == "left lower extremity weakness. Although"
    with pytest.raises(WrongState, match="is entered and cannot become"):
        actions.enter(unmoved_id=left.pk, version=fresh(left).version, **said)
    other = Unmoved.objects.get(finding__feature__slug="age")
    with pytest.raises(WrongState, match="is published already"):
        actions.enter(unmoved_id=other.pk, version=other.version, **said)


def test_what_cannot_be_settled(published: Ruling, later: CodebookVersion, who: People) -> None:
    moved(published.project, who)
    left = Unmoved.objects.get(finding__feature__slug="weakness")
    place = {"unmoved_id": left.pk, "version": left.version}
    said = {"feature_slug": "leg_weakness", "status": "present", "reason": "So."}
    for by in (who.curator, who.curator2, who.stranger):
        with pytest.raises(NotFound):
            actions.enter(**place, **said, by=by)
    with pytest.raises(NotAllowed):
        actions.dismiss(**place, reason="Gone.", by=who.administrator)
    with pytest.raises(Invalid, match="for a reason"):
        actions.dismiss(**place, reason=" ", by=who.moderator)
    with pytest.raises(Invalid, match="for a reason"):
        actions.enter(**place, **said | {"reason": ""}, by=who.moderator)
    with pytest.raises(Invalid, match="what it is an answer to"):
        actions.enter(**place, **said | {"feature_slug": "weakness"}, by=who.moderator)
    with pytest.raises(Invalid, match="cannot be recorded"):
        actions.enter(**place, **said | {"feature_slug": "serostatus"}, by=who.moderator)
    with pytest.raises(Stale):
        actions.dismiss(unmoved_id=left.pk, version=7, reason="Gone.", by=who.moderator)
    assert fresh(left).state == "open"


def test_whose_reading_it_was_does_not_settle_it(own_submitted: Reading, later: CodebookVersion, who: People) -> None:
    review.publish(reading_id=own_submitted.pk, version=own_submitted.version, by=who.moderator2)
    moved(own_submitted.project, who)
    left = Unmoved.objects.get(finding__feature__slug="weakness")
    with pytest.raises(NotAllowed, match="your own reading"):
        actions.dismiss(unmoved_id=left.pk, version=left.version, reason="I know.", by=who.moderator)
    actions.dismiss(unmoved_id=left.pk, version=left.version, reason="Too vague.", by=who.moderator2)


def test_a_blind_readers_values_stay_theirs(complete: Reading, later: CodebookVersion, who: People) -> None:
    done = moved(complete.project, who)
    assert (done.carried, done.changed, done.left, done.readings) == (0, 0, 0, 1)
    assert Unmoved.objects.visible_to(who.curator).count() == 2
    for other in (who.curator2, who.moderator, who.moderator2):
        assert not Unmoved.objects.visible_to(other).exists()
        assert not queries.overview(other, complete.project).open


# --- who, when, where to ----------------------------------------------------------------------------------------------


def test_who_may_move(published: Ruling, later: CodebookVersion, who: People) -> None:
    project = published.project
    for by in (who.curator, who.stranger, who.outsider):
        with pytest.raises(NotAllowed):
            actions.move(project_id=project.pk, version=project.version, number="1.1.0", by=by)
        with pytest.raises(NotAllowed):
            queries.preview(by, project, "1.1.0")
    with pytest.raises(VersionMissing):
        actions.move(project_id=project.pk, version=None, number="1.1.0", by=who.moderator)
    with pytest.raises(Stale):
        actions.move(project_id=project.pk, version=9, number="1.1.0", by=who.moderator)
    assert not Upgrade.objects.exists()
    actions.move(project_id=project.pk, version=project.version, number="1.1.0", by=who.administrator)


def test_where_to(published: Ruling, later: CodebookVersion, who: People) -> None:
    project = published.project
    for number in ("1.0.0", "9.9.9", ""):
        with pytest.raises(Invalid, match="cannot move to"):
            actions.move(project_id=project.pk, version=project.version, number=number, by=who.moderator)
    load_codebook(text=edited(EVERY_KIND, [], number="1.2.0", since="1.1.0"), by=who.administrator)
    with pytest.raises(WrongState, match=r"from 1\.0\.0 to 1\.1\.0 first"):
        actions.move(project_id=project.pk, version=project.version, number="1.2.0", by=who.moderator)
    moved(project, who)
    assert moved(project, who, "1.2.0").changed == 0


def test_one_whose_membership_ended_moves_nothing(published: Ruling, later: CodebookVersion, who: People) -> None:
    people.set_membership(project=published.project, user=who.moderator2, role=Role.CURATOR, by=who.administrator)
    with pytest.raises(NotAllowed):
        moved(published.project, who)


# --- beside adjudication ----------------------------------------------------------------------------------------------


@pytest.fixture
def case(who: People, codebook: CodebookVersion, article: Article) -> Case:
    pair = worlds.a_project(who, codebook, slug="pair", readers_required=2)
    worlds.included(pair, article, who.moderator)
    one, other = worlds.read_twice(pair, article, who.curator, who.curator2, differing={"sex": "female"})
    return Case(pair, article, one, other, who.moderator)


def test_decisions_not_yet_published_follow(case: Case, later: CodebookVersion, who: People) -> None:
    case.decide("sex")
    moved(case.project, who)
    assert {d.feature.codebook_version for d in Decision.objects.select_related("feature__codebook_version")} == {later}
    desk = case.desk()
    assert {"gender", "symmetry", "ck", "regions"} < {point.feature.slug for point in desk.points}
    assert "gender" in {point.feature.slug for point in desk.open_points}, "the readings say something else of it now"


def test_what_was_settled_under_an_earlier_codebook_is_not_taken_up_again(
    case: Case, later: CodebookVersion, who: People
) -> None:
    case.settle()
    case.act(adjudication.publish)
    moved(case.project, who)
    gender = Finding.objects.published().get(feature__slug="gender")
    assert gender.decision is not None, "who decided it stays to be seen"
    with pytest.raises(WrongState, match=r"was read by imnm 1\.0\.0"):
        case.act(adjudication.reopen, reason="A new table.")
