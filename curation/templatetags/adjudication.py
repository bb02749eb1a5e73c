"""What the adjudication's templates ask that plain templates cannot."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django import template
from django.http import QueryDict

from curation.adjudication import changes
from curation.adjudication.layout import Desk, Person, Point, Stand
from curation.annotation import saying
from curation.choices import EvidenceKind
from curation.models import Patient, Reading
from curation.models.annotation import Proof
from curation.web.feature_form import FeatureForm

register = template.Library()
register.filter("decided_words", changes.decided)
register.filter("proof_words", saying.words)


class Points(NamedTuple):
    """Of one person: what is at issue, what is pre-filled (told of, or silent), and what is not asked any more."""

    at_issue: Sequence[Point]
    told: Sequence[Point]
    silent: Sequence[Point]
    out: Sequence[Point]

    @property
    def agreed(self) -> Sequence[Point]:
        return [*self.told, *self.silent]


@register.filter
def points_of(desk: Desk, person: Person) -> Points:
    own = [point for point in desk.points if point.person == person]
    agreed = [point for point in own if point.stand in (Stand.AGREED, Stand.ALONE)]
    return Points(
        [point for point in own if point.is_at_issue],
        [point for point in agreed if not point.is_silent],
        [point for point in agreed if point.is_silent],
        [point for point in own if point.stand == Stand.OUT],
    )


class Choice(NamedTuple):
    """A piece of evidence to be chosen, as the form sends it (see ``web.pieces``)."""

    name: str
    value: str
    words: str
    chosen: bool


@register.filter
def pieces(point: Point, form: FeatureForm) -> list[Choice]:
    """What the readers gave, each place once, and what was chosen besides."""
    found = {proof.place: proof for answer in point.told for proof in answer.evidence.all()}
    sent = {(each.name, each.value.replace("\r\n", "\n")): each.words for each in form.pending}
    offered = [Choice(*_as_sent(proof), saying.words(proof), _as_sent(proof) in sent) for proof in found.values()]
    known = {(each.name, each.value) for each in offered}
    return offered + [Choice(*each, words, chosen=True) for each, words in sent.items() if each not in known]


def _as_sent(proof: Proof) -> tuple[str, str]:
    if proof.kind == EvidenceKind.REGION:
        return "region", f"{proof.figure_id}:{','.join(map(str, proof.region or ()))}:{proof.panel}"
    if proof.kind == EvidenceKind.CELL:
        cell = proof.cell or {}
        return "cell", f"{proof.section_id}:{cell.get('row')}:{cell.get('column') or ''}:{proof.exact}"
    return "quote", f"{proof.section_id}:{proof.start}:{proof.exact}"


class ToPair(NamedTuple):
    """A patient of one reading; of the first with those of the other, ``offered`` the one who is chosen."""

    patient: Patient
    reader: str
    told: str
    others: Sequence[tuple[Patient, str]]
    other_reader: str
    offered: int | None
    why: str


@register.filter
def rows_to_pair(desk: Desk, typed: QueryDict | None) -> Iterator[ToPair]:
    first, second = desk.readings
    others = [(each, desk.portraits.get(each.pk, "")) for each in desk.unpaired[second.pk]]
    for patient in desk.unpaired[first.pk]:
        yield _to_pair(desk, first, patient, others, second, typed)
    for patient, _told in others:
        yield _to_pair(desk, second, patient, (), first, typed)


def _to_pair(
    desk: Desk,
    reading: Reading,
    patient: Patient,
    others: Sequence[tuple[Patient, str]],
    other: Reading,
    typed: QueryDict | None,
) -> ToPair:
    chosen = typed.get(f"with-{patient.pk}", "") if typed else str(desk.offered.get(patient.pk, ""))
    return ToPair(
        patient=patient,
        reader=str(reading.curator),
        told=desk.portraits.get(patient.pk, ""),
        others=others,
        other_reader=str(other.curator),
        offered=int(chosen) if chosen.isdecimal() else None,
        why=typed.get(f"why-{patient.pk}", "") if typed else "",
    )
