"""What rulings do, and every refusal."""

import pytest

from curation.annotation import actions as annotation
from curation.choices import FindingState, ReadingState, Status
from curation.errors import Invalid, NotAllowed, NotFound, Stale, VersionMissing, WrongState
from curation.models import AuditEvent, Finding, Project, Reading, Ruling, Screening
from curation.review import actions as review
from curation.screening import actions as screening
from curation.tests import worlds
from curation.tests.worlds import People, fresh


def findings() -> dict[str, str]:
    return dict(Finding.objects.published().values_list("feature__slug", "status"))


def test_publishing_makes_a_finding_of_each_answer(submitted: Reading, who: People) -> None:
    ruling = review.publish(reading_id=submitted.pk, version=submitted.version, reason="clear", by=who.moderator)
    assert findings() == {
        "sex": "present",
        "age": "present",
        "regions": "not_reported",
        "weakness": "present",
        "symmetry": "present",
        "ck": "present",
    }
    age = Finding.objects.get(feature__slug="age")
    assert (age.value, age.low, age.ruling, age.ruling.reason) == ("P35Y", 35, ruling, "clear")
    assert [a.reading for a in age.annotations.all()] == [submitted]
    assert fresh(submitted).state == ReadingState.ACCEPTED
    assert {e.verb for e in AuditEvent.objects.of_row("curation_finding", age.pk)} == {"reading.publish"}


def test_an_answer_whose_condition_fell_is_not_published(complete: Reading, who: People) -> None:
    weakness = complete.annotations.get(feature__slug="weakness")
    annotation.change(annotation_id=weakness.pk, version=weakness.version, status=Status.EXCLUDED, by=who.curator)
    annotation.submit(reading_id=complete.pk, version=complete.version, by=who.curator)
    review.publish(reading_id=complete.pk, version=fresh(complete).version, by=who.moderator)
    assert "symmetry" not in findings()
    assert findings()["weakness"] == "excluded"


def test_nobody_publishes_their_own_reading(own_submitted: Reading, who: People) -> None:
    with pytest.raises(NotAllowed, match="your own reading"):
        review.publish(reading_id=own_submitted.pk, version=own_submitted.version, by=who.moderator)
    with pytest.raises(NotAllowed, match="your own reading"):
        review.send_back(reading_id=own_submitted.pk, version=own_submitted.version, note="x", by=who.moderator)
    assert fresh(own_submitted).state == ReadingState.SUBMITTED
    assert not Finding.objects.exists()
    review.publish(reading_id=own_submitted.pk, version=own_submitted.version, by=who.moderator2)
    assert Finding.objects.exists()


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [
        ("curator", NotAllowed),
        ("curator2", NotFound),
        ("stranger", NotFound),
        ("outsider", NotFound),
        ("administrator", NotFound),
    ],
)
def test_only_moderators_decide(submitted: Reading, who: People, actor: str, refusal: type[Exception]) -> None:
    by = getattr(who, actor)
    with pytest.raises(refusal):
        review.publish(reading_id=submitted.pk, version=submitted.version, by=by)
    with pytest.raises(refusal):
        review.send_back(reading_id=submitted.pk, version=submitted.version, note="x", by=by)
    assert fresh(submitted).state == ReadingState.SUBMITTED
    assert not Ruling.objects.exists()


def test_a_reading_that_is_not_submitted_is_not_for_the_moderator(complete: Reading, who: People) -> None:
    with pytest.raises(NotFound):
        review.publish(reading_id=complete.pk, version=complete.version, by=who.moderator)


def test_an_accepted_reading_is_settled(published: Ruling, who: People) -> None:
    version = fresh(published.reading).version
    with pytest.raises(WrongState, match="is accepted and cannot become"):
        review.publish(reading_id=published.reading_id, version=version, by=who.moderator)
    with pytest.raises(WrongState):
        review.send_back(reading_id=published.reading_id, version=version, note="Again.", by=who.moderator)
    assert Ruling.objects.count() == 1


def test_a_stale_or_missing_version(submitted: Reading, who: People) -> None:
    with pytest.raises(Stale):
        review.publish(reading_id=submitted.pk, version=submitted.version - 1, by=who.moderator)
    with pytest.raises(VersionMissing):
        review.publish(reading_id=submitted.pk, version=None, by=who.moderator)
    assert not Finding.objects.exists()


def test_an_article_that_was_excluded_meanwhile(complete: Reading, included: Screening, who: People) -> None:
    reason = included.project.exclusion_reasons[0]
    screening.exclude(screening_id=included.pk, version=included.version, reason=reason, by=who.moderator)
    reading = annotation.submit(reading_id=complete.pk, version=complete.version, by=who.curator)
    with pytest.raises(WrongState, match="no longer included"):
        review.publish(reading_id=reading.pk, version=reading.version, by=who.moderator)
    assert not Finding.objects.exists()


def test_sending_back_needs_a_note_that_the_reader_gets(submitted: Reading, who: People) -> None:
    with pytest.raises(Invalid, match="note"):
        review.send_back(reading_id=submitted.pk, version=submitted.version, note=" ", by=who.moderator)
    assert fresh(submitted).state == ReadingState.SUBMITTED
    review.send_back(reading_id=submitted.pk, version=submitted.version, note="See figure 1.", by=who.moderator)
    back = fresh(submitted)
    assert (back.state, back.note) == (ReadingState.RETURNED, "See figure 1.")
    again = annotation.submit(reading_id=back.pk, version=back.version, by=who.curator)
    review.publish(reading_id=again.pk, version=again.version, by=who.moderator)
    assert fresh(submitted).state == ReadingState.ACCEPTED


def test_an_article_does_not_leave_under_published_findings(published: Ruling, included: Screening, who: People) -> None:
    with pytest.raises(WrongState, match="Retract them first"):
        screening.reopen(screening_id=included.pk, version=included.version, by=who.moderator)
    assert Screening.objects.included().exists()


def test_retracting_says_why_and_stays_to_be_seen(published: Ruling, who: People) -> None:
    age = Finding.objects.get(feature__slug="age")
    with pytest.raises(Invalid):
        review.retract(finding_id=age.pk, version=age.version, reason="", by=who.moderator2)
    ruling = review.retract(finding_id=age.pk, version=age.version, reason="Another patient's.", by=who.moderator2)
    age = fresh(age)
    assert (age.state, age.retraction, age.retraction.reason) == (FindingState.RETRACTED, ruling, "Another patient's.")
    assert "age" not in findings()
    with pytest.raises(WrongState):
        review.retract(finding_id=age.pk, version=age.version, reason="Again.", by=who.moderator2)


def test_nobody_retracts_what_they_read_themselves(own_submitted: Reading, who: People) -> None:
    review.publish(reading_id=own_submitted.pk, version=own_submitted.version, by=who.moderator2)
    age = Finding.objects.get(feature__slug="age")
    with pytest.raises(NotAllowed, match="your own reading"):
        review.retract(finding_id=age.pk, version=age.version, reason="Wrong.", by=who.moderator)
    with pytest.raises(NotAllowed):
        review.retract(finding_id=age.pk, version=age.version, reason="Wrong.", by=who.curator)
    assert fresh(age).state == FindingState.PUBLISHED


# --- two readers ------------------------------------------------------------------------------------------------------


@pytest.fixture
def for_two(who: People, project: Project) -> Screening:
    pair = worlds.a_project(who, project.codebook_version, slug="pair", readers_required=2)
    return worlds.included(pair, worlds.an_article(pmid=2), who.moderator)


def test_one_of_two_readings_is_not_enough(for_two: Screening, who: People) -> None:
    reading = worlds.submitted(for_two.project, for_two.article, who.curator)
    with pytest.raises(WrongState, match="asks for 2 readers of each article, and 1 of"):
        review.publish(reading_id=reading.pk, version=reading.version, by=who.moderator)
    assert not Finding.objects.exists()


def test_two_readings_that_agree_are_published_together(for_two: Screening, who: People) -> None:
    one, two = (worlds.submitted(for_two.project, for_two.article, by) for by in (who.curator, who.curator2))
    review.publish(reading_id=one.pk, version=one.version, by=who.moderator)
    assert {fresh(one).state, fresh(two).state} == {ReadingState.ACCEPTED}
    age = Finding.objects.published().get(feature__slug="age")
    assert {a.reading_id for a in age.annotations.all()} == {one.pk, two.pk}


def test_two_readings_that_differ_wait_for_a_decision(for_two: Screening, who: People) -> None:
    one = worlds.submitted(for_two.project, for_two.article, who.curator)
    other = worlds.complete(for_two.project, for_two.article, who.curator2)
    age = other.annotations.get(feature__slug="age")
    annotation.change(annotation_id=age.pk, version=age.version, status=Status.PRESENT, value="P36Y", by=who.curator2)
    annotation.submit(reading_id=other.pk, version=other.version, by=who.curator2)
    with pytest.raises(WrongState, match="differ") as refused:
        review.publish(reading_id=one.pk, version=one.version, by=who.moderator)
    assert [str(fault) for fault in refused.value.faults] == [
        "Patient 1: Age at report: one says Present 35 years; one says Present 36 years"
    ]
    assert not Finding.objects.exists()


def test_a_moderator_who_is_one_of_the_two_readers_does_not_decide(for_two: Screening, who: People) -> None:
    worlds.submitted(for_two.project, for_two.article, who.moderator)
    one = worlds.submitted(for_two.project, for_two.article, who.curator)
    with pytest.raises(NotAllowed, match="your own reading"):
        review.publish(reading_id=one.pk, version=one.version, by=who.moderator)
    assert not Finding.objects.exists()
