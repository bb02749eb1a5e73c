"""A decision's answer: one reading's, or a moderator's own, checked as a reader's is. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from curation.adjudication.layout import Desk, Point
from curation.annotation import proving
from curation.annotation.pieces import Piece
from curation.annotation.rules import LONGEST_COMMENT, clean
from curation.codebook.queries import spec
from curation.codebook.rules import check, unfinished
from curation.errors import Fault, Invalid
from curation.models import Feature
from curation.models.annotation import Proof


@dataclass(frozen=True, slots=True)
class Third:
    """A moderator's own answer, as ``annotation.actions.record`` takes one."""

    status: str
    value: object = None
    qualifiers: Mapping[str, Any] = field(default_factory=dict)
    comment: str = ""
    quotes: Sequence[Piece] = ()


def followed(point: Point, reading_id: int | None) -> dict[str, Any]:
    voice = next((each for each in point.voices if each.reading.pk == reading_id), None)
    if voice is None:
        names = ", ".join(f"{each.reading.pk} ({each.reading.curator})" for each in point.voices)
        raise Invalid("Say which reading holds.", faults=[Fault("reading", f"choose one of {names}")])
    if (answer := voice.answer) is None:
        return {"status": "", "followed": voice.reading}
    parts = ("feature", "status", "value", "low", "high", "qualifiers", "comment")
    return {"followed": voice.reading, **{name: getattr(answer, name) for name in parts}}


def third(desk: Desk, point: Point, own: Third) -> tuple[dict[str, Any], list[Proof]]:
    """Checked as a reader's answer is, and as complete as one that is submitted."""
    feature = _feature(desk, point)
    rules = spec(feature)
    checked = check(rules, status=own.status, value=own.value, qualifiers=own.qualifiers)
    comment = clean("comment", own.comment, longest=LONGEST_COMMENT)
    proofs: list[Proof] = [*proving.placed(desk.article.pk, own.quotes)]
    for_it = sum(not proof.contradicts for proof in proofs)
    if lacks := unfinished(rules, status=checked.status, comment=comment, evidence=for_it):
        raise Invalid(f"A third answer for “{rules.label}” is not complete.", faults=[Fault("answer", each) for each in lacks])
    parts = ("status", "value", "low", "high", "qualifiers")
    return {"feature": feature, "comment": comment, **{name: getattr(checked, name) for name in parts}}, proofs


def _feature(desk: Desk, point: Point) -> Feature:
    """Under the later codebook of the two readings, where it has it."""
    return Feature.objects.filter(codebook_version=desk.codebook, slug=point.feature.slug).first() or point.feature


def columns(proof: Proof) -> dict[str, Any]:
    return {column.attname: getattr(proof, column.attname) for column in Proof._meta.fields}
