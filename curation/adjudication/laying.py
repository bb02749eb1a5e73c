"""Two readings laid side by side. Reads nothing: what it needs is at hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from curation.adjudication.layout import Desk, Person, Point, Stand, Voice, stand
from curation.adjudication.matching import Described, offer
from curation.annotation import rules
from curation.annotation.rules import Recorded
from curation.codebook.queries import all_features, spec, specs
from curation.codebook.rules import FeatureSpec, Value, display
from curation.codebook.sameness import Said, said
from curation.models import (
    Annotation,
    CodebookVersion,
    Decision,
    Feature,
    Figure,
    Finding,
    Pairing,
    Patient,
    Reading,
    ReadingNote,
    Ruling,
    Section,
)
from curation.models.annotation import Proof
from curation.review.layout import MarkedSection, line, marked
from curation.review.settling import Place

MOST_TOLD = 3

Told = Mapping[int, Mapping[Place, Annotation]]  # by reading


def desk(
    readings: Sequence[Reading],
    told: Told,
    described: Mapping[int, Sequence[Patient]],
    pairings: Sequence[Pairing],
    decisions: Sequence[Decision],
    sections: Sequence[Section],
    figures: Sequence[tuple[int, Figure]],
    notes: Sequence[ReadingNote],
    public: Sequence[Finding],
    rulings: Sequence[Ruling],
) -> Desk:
    """``pairings`` and ``decisions``: all that were ever written down, those of patients who are described no more too;
    ``public``: what is published of the article, and what was taken back."""
    codebook = max((reading.codebook_version for reading in readings), key=lambda version: version.pk)
    persons, left = _persons(readings, described, pairings)
    shown = {section.pk: section for section in sections}
    pieces = [piece for of in told.values() for answer in of.values() for piece in answer.evidence.all()]
    for piece in pieces if shown else ():
        piece.section = shown[piece.section_id]
    is_paired = not any(left.values())
    laid = _Laying(readings, told, codebook, decisions, notes, public, bool(shown))
    return Desk(
        project=readings[0].project,
        article=readings[0].article,
        readings=readings,
        codebook=codebook,
        version=sum(reading.version for reading in readings) + (getattr(readings[0], "adjudicated", None) or 0),
        persons=persons,
        is_paired=is_paired,
        offered={} if is_paired else _offered(readings, told, left),
        unpaired=left,
        portraits={patient.pk: _portrait(patient, told[reading]) for reading, many in left.items() for patient in many},
        points=list(chain.from_iterable(laid.points(person) for person in persons)) if is_paired else (),
        sections=_marked(sections, figures, pieces, decisions),
        notes=[note for note in notes if note.feature is None],
        public=[each for each in public if each.retraction is None],
        rulings=rulings,
    )


def _of(answer: Annotation | Finding | Decision) -> Place:
    return answer.patient_id, answer.feature.slug, answer.instance


def _marked(
    sections: Sequence[Section],
    figures: Sequence[tuple[int, Figure]],
    pieces: Sequence[Proof],
    decisions: Sequence[Decision],
) -> list[MarkedSection]:
    decided = [proof for decision in decisions for proof in decision.proofs] if sections else []
    return marked(sections, [*pieces, *decided], figures)


def _persons(
    readings: Sequence[Reading], described: Mapping[int, Sequence[Patient]], pairings: Sequence[Pairing]
) -> tuple[list[Person], dict[int, list[Patient]]]:
    """Whom both readings call by one row, and who was paired; and of each reading those who are neither."""
    where: dict[int, dict[int, Patient]] = {patient.pk: {} for many in described.values() for patient in many}
    for reading in readings:
        for patient in described.get(reading.pk, ()):
            where[patient.pk][reading.pk] = patient
    persons, done = [], set[int]()
    for pairing in pairings:
        pair = [pairing.patient, *([pairing.other] if pairing.other else [])]
        of = {pk: patient for patient in pair for pk in where.get(patient.pk, {})}
        if len(of) == len(pair):
            persons.append(Person(pairing.patient, of, pairing))
            done |= {patient.pk for patient in pair}
    for pk, of in where.items():
        if pk not in done and len(of) == len(readings):
            persons.append(Person(next(iter(of.values())), of))
            done.add(pk)
    order = {pk: n for n, pk in enumerate(where)}
    left = {r.pk: [patient for patient in described.get(r.pk, ()) if patient.pk not in done] for r in readings}
    return sorted(persons, key=lambda person: order[person.patient.pk]), left


def _offered(readings: Sequence[Reading], told: Told, left: Mapping[int, Sequence[Patient]]) -> dict[int, int]:
    one, other = ([_described(patient, told[reading.pk]) for patient in left[reading.pk]] for reading in readings)
    return offer(one, other)


def _portrait(patient: Patient, told: Mapping[Place, Annotation]) -> str:
    """By what one knows them: the first values that are told of them."""
    own = [each for (pk, _slug, _n), each in told.items() if pk == patient.pk and each.value is not None]
    return ", ".join(display(spec(each.feature), each.value, each.qualifiers) for each in own[:MOST_TOLD])


def _described(patient: Patient, told: Mapping[Place, Annotation]) -> Described:
    own = {slug: said(answer) for (pk, slug, n), answer in told.items() if pk == patient.pk and n == 1}
    silent = said(None)
    return Described(patient.pk, patient.label, {slug: words for slug, words in own.items() if words != silent})


class _Laying:
    """The points of one person after another."""

    def __init__(
        self,
        readings: Sequence[Reading],
        told: Told,
        codebook: CodebookVersion,
        decisions: Sequence[Decision],
        notes: Sequence[ReadingNote],
        public: Sequence[Finding],
        with_evidence: bool,
    ) -> None:
        self.readings, self.told, self.with_evidence = readings, told, with_evidence
        self.public = {_of(each): each for each in public if each.retraction is None}
        self.retracted = {_of(each): each for each in public if each.retraction and _of(each) not in self.public}
        self.specs: Mapping[str, FeatureSpec] = specs(codebook)
        self.features = {feature.slug: feature for feature in all_features([codebook.pk])}
        self.decisions: dict[Place, list[Decision]] = defaultdict(list)
        for decision in decisions:
            self.decisions[_of(decision)].append(decision)
        self.notes: dict[tuple[int | None, str], list[ReadingNote]] = defaultdict(list)
        for note in notes:
            if note.feature:
                self.notes[note.patient_id, note.feature.slug].append(note)

    def points(self, person: Person) -> list[Point]:
        """In the codebook's order; with what nobody answered and has to be, by what was decided elsewhere."""
        answered = {
            (slug, n): None for reading, patient in person.of.items() for pk, slug, n in self.told[reading] if pk == patient.pk
        }
        found = [self._point(person, slug, n) for slug, n in answered]
        asked = rules.asked(self.specs, [each for point in found if (each := _recorded(point))])
        due = {slug for slug, each in self.specs.items() if rules.is_due(each, asked[slug])} - {slug for slug, _n in answered}
        found += [self._point(person, slug, 1, is_due=True) for slug in self.specs if slug in due]
        found = [_asked(point, asked) for point in found]
        order = {slug: n for n, slug in enumerate(self.specs)}
        return sorted(found, key=lambda point: (order.get(point.feature.slug, len(order)), point.instance))

    def _point(self, person: Person, slug: str, instance: int, *, is_due: bool = False) -> Point:
        place = person.patient.pk, slug, instance
        voices = [
            self._voice(reading, person.of[reading.pk], slug, instance) for reading in self.readings if reading.pk in person.of
        ]
        decisions = self.decisions.get(place, [])
        decision, retracted = decisions[-1] if decisions else None, self.retracted.get(place)
        before = next((each for each in reversed(decisions) if each.ruling_id and each is not decision), None)
        patients = {None, *(patient.pk for patient in person.of.values())}
        return Point(
            person=person,
            feature=next((v.answer.feature for v in voices if v.answer), None) or self._feature(slug),
            instance=instance,
            voices=voices,
            stand=Stand.OPEN
            if _is_asked_again(retracted, decision)
            else stand(voices, decision, basis_of(decision), is_due=is_due),
            decision=decision,
            before=before,
            public=self.public.get(place),
            retracted=retracted,
            notes=[note for pk in patients for note in self.notes.get((pk, slug), ())],
        )

    def _feature(self, slug: str) -> Feature:
        return self.features[slug]

    def _voice(self, reading: Reading, patient: Patient, slug: str, instance: int) -> Voice:
        answer = self.told[reading.pk].get((patient.pk, slug, instance))
        if answer is None:
            return Voice(reading, None)
        known = spec(answer.feature)
        return Voice(reading, line(known, answer, answer.evidence.all() if self.with_evidence else ()))


def _is_asked_again(retracted: Finding | None, decision: Decision | None) -> bool:
    """Whether it was taken back, and not decided since."""
    if retracted is None or retracted.retraction is None:
        return False
    return decision is None or decision.decided_at < retracted.retraction.created_at


def _recorded(point: Point) -> Recorded | None:
    """What is settled of it, as conditions look at it."""
    held = point.settled()
    if held is None:
        return None
    return Recorded(point.feature.slug, point.instance, held.said.status, held.said.value, held.comment, 0)


def _asked(point: Point, asked: Mapping[str, bool | None]) -> Point:
    is_asked = asked.get(point.feature.slug, True)
    return replace(point, is_asked=is_asked, stand=Stand.OUT if is_asked is False else point.stand)


def basis_of(decision: Decision | None) -> dict[str, Said]:
    """What each reading said when it was decided, by its id."""
    return {pk: said(Value(**told)) if told else said(None) for pk, told in decision.basis.items()} if decision else {}


def basis(voices: Sequence[Voice]) -> dict[str, dict[str, object] | None]:
    """What each reading says now, to be kept with a decision."""
    names = ("status", "value", "qualifiers")
    return {str(v.reading.pk): {name: getattr(v.answer, name) for name in names} if v.answer else None for v in voices}
