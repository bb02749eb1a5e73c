"""Who is who: each blind reader named the patients for themselves."""

import pytest

from curation.adjudication import actions, queries
from curation.adjudication.actions import Pair
from curation.adjudication.layout import Stand
from curation.annotation import actions as annotation
from curation.choices import ReadingState
from curation.errors import Invalid, NotFound, WrongState
from curation.models import Article, Finding, Patient, Project, Reading, User
from curation.patients import actions as patients
from curation.patients import queries as known
from curation.review import corrections
from curation.screening import actions as screening
from curation.tests import worlds
from curation.tests.adjudication.conftest import Case
from curation.tests.worlds import People, fresh

WHY = "The other reader took the family for one."


def read_of(project: Project, article: Article, by: User, **people: str) -> Reading:
    """Of each patient only the sex and that nothing more is told."""
    reading = annotation.start_reading(project=project, article=article, by=by)
    for label, sex in people.items():
        patient = annotation.add_patient(reading_id=reading.pk, label=label, by=by)
        record(reading, patient, "sex", sex)
        for slug in ("age", "weakness", "ck"):
            record(reading, patient, slug)
    reading = fresh(reading)
    return annotation.submit(reading_id=reading.pk, version=reading.version, by=by)


def record(reading: Reading, patient: Patient, slug: str, value: str = "") -> None:
    told = {"status": "present", "value": value} if value else {"status": "not_reported"}
    section = reading.article.sections.get(key="abstract").pk
    quotes = [annotation.Quote(section, "35-year-old male")] if value else []
    annotation.record(reading_id=reading.pk, patient_id=patient.pk, feature_slug=slug, quotes=quotes, by=reading.curator, **told)


@pytest.fixture
def family(who: People, pair: Project, article: Article) -> Case:
    """A man and a woman; a proband who is male and his sister; a child whom only the second reader describes."""
    entered = worlds.to_screen(pair, article, who.moderator)
    screening.include(screening_id=entered.pk, version=entered.version, patients_described=3, by=who.moderator)
    one = read_of(pair, article, who.curator, man="male", woman="female")
    other = read_of(pair, article, who.curator2, sister="female", proband="male", child="male")
    return Case(pair, article, one, other, who.moderator)


def named(case: Case) -> dict[str, int]:
    return {p.label: p.pk for reading in (case.one, case.other) for p in reading.patients.all()}


def pairs_of(case: Case) -> list[Pair]:
    by = named(case)
    return [Pair(by["man"], by["proband"]), Pair(by["woman"], by["sister"]), Pair(by["child"], None, WHY)]


def test_an_offer_that_waits_for_a_word(family: Case) -> None:
    by, desk = named(family), family.desk()
    assert not desk.is_paired
    assert desk.offered == {by["man"]: by["proband"], by["woman"]: by["sister"]}
    assert [p.label for many in desk.unpaired.values() for p in many] == ["man", "woman", "sister", "proband", "child"]
    with pytest.raises(WrongState, match="which patients"):
        family.act(actions.decide, place=(by["man"], "sex", 1), outcome="neither", reason="x")
    with pytest.raises(WrongState, match="which patients"):
        family.act(actions.publish)
    assert [each.is_paired for each in queries.conflicts(family.by)] == [False]


def test_findings_hang_on_one_patient(family: Case) -> None:
    by = named(family)
    family.act(actions.pair, pairs=pairs_of(family))
    desk = family.desk()
    assert [person.patient.label for person in desk.persons] == ["man", "woman", "child"]
    assert {point.stand for point in desk.points} == {Stand.AGREED, Stand.ALONE}
    assert queries.conflicts(family.by) == []
    assert [each.article for each in queries.waiting(family.by)] == [family.article]
    family.act(actions.publish)
    assert set(Finding.objects.published().values_list("patient", flat=True)) == {by["man"], by["woman"], by["child"]}
    man = Finding.objects.published().get(patient=by["man"], feature__slug="sex")
    assert {a.patient.label for a in man.annotations.all()} == {"man", "proband"}
    assert {p.label for p in Patient.objects.counted().filter(project=family.project)} == {"man", "woman", "child"}


def test_neither_reader_learns_the_others_names(family: Case) -> None:
    family.act(actions.pair, pairs=pairs_of(family))
    family.act(actions.publish)
    assert not known.merges(family.other).exists()
    merge = family.other.merges.first()
    with pytest.raises(NotFound):
        patients.undo_merge(merge_id=merge.pk, version=merge.version, by=family.other.curator)
    assert not list(corrections.corrected(family.other.curator))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (lambda by: [Pair(by["man"], by["proband"]), Pair(by["woman"], by["sister"])], "child: is missing"),
        (lambda by: [Pair(by["man"], by["woman"])], "of the same reading"),
        (lambda by: [Pair(by["man"], by["proband"]), Pair(by["woman"], by["proband"])], "named twice"),
        (lambda by: [Pair(by["child"])], "say why"),
        (lambda by: [Pair(0, by["child"])], "no patient to be paired"),
    ],
)
def test_pairs_that_cannot_be(family: Case, made: object, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        family.act(actions.pair, pairs=made(named(family)))  # type: ignore[operator]
    assert reason in " ".join(map(str, refused.value.faults))
    assert not family.desk().is_paired


def test_pairs_are_changed_until_and_after_publication(family: Case) -> None:
    by = named(family)
    family.act(actions.pair, pairs=pairs_of(family))
    family.act(actions.publish)
    family.act(actions.reopen, reason="The child is the proband.")
    alone = Pair(by["proband"], None, "Only named.")
    family.act(actions.pair, pairs=[Pair(by["man"], by["child"]), Pair(by["woman"], by["sister"]), alone])
    family.act(actions.publish)
    counted = {p.label for p in Patient.objects.counted().filter(project=family.project)}
    assert counted == {"man", "woman", "proband"}
    assert set(Finding.objects.published().values_list("patient__label", flat=True)) == counted


def test_a_patient_removed_since_is_paired_no_more(family: Case) -> None:
    family.act(actions.pair, pairs=pairs_of(family))
    back = worlds.sent_back(fresh(family.other), family.by, note="Who is the child?")
    child = back.patients.get(label="child")
    for answer in back.annotations.filter(patient=child):
        annotation.remove(annotation_id=answer.pk, version=answer.version, by=back.curator)
    annotation.remove_patient(reading_id=back.pk, patient_id=child.pk, version=child.version, by=back.curator)
    annotation.submit(reading_id=back.pk, version=fresh(back).version, by=back.curator)
    assert [person.patient.label for person in family.desk().persons] == ["man", "woman"]
    family.act(actions.publish)
    assert fresh(family.one).state == ReadingState.ACCEPTED
