"""A value kept as it is typed: its place is known before it is, so the same address serves the first save and every later one."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from curation.annotation import actions, answers, guards, proving
from curation.annotation.pieces import Piece
from curation.codebook import queries as codebook
from curation.errors import Stale
from curation.models import Annotation, Evidence, User


def keep(
    *,
    reading_id: int,
    patient_id: int,
    feature_slug: str,
    instance: int,
    version: int | None,
    by: User,
    **answer: Any,
) -> Annotation:
    """The answer to one question about one patient, for the first time (no ``version``) or anew.

    Raises Stale where something else is stored by now than what was read. Except the very same answer: a save whose reply was
    lost is sent again, and what it says is kept already.
    """
    place: dict[str, Any] = {
        "reading_id": reading_id,
        "patient_id": patient_id,
        "feature_slug": feature_slug,
        "instance": instance,
    }
    stored = answers.stored(by, **place)
    if stored is None and version is None:
        return actions.record(**place, by=by, **answer)
    if stored is not None and stored.version == version:
        return actions.change(annotation_id=stored.pk, version=version, by=by, **answer)
    return _met(stored, reading_id, version, by, **answer)


@transaction.atomic
def _met(stored: Annotation | None, reading_id: int, version: int | None, by: User, **answer: Any) -> Annotation:
    """What was read is not what is stored. Whoever may not write at all is told that first."""
    guards.own_open(reading_id, by)
    if stored is None:
        raise Stale("This answer was removed since you read it. Save again to record it anew, or close to leave it removed.")
    if _says_this(stored, answer, answer.get("quotes", ())):
        return stored
    raise Stale("This was answered meanwhile, in another window or on another device. Compare the two and choose.")


def _says_this(stored: Annotation, answer: dict[str, Any], quotes: Sequence[Piece]) -> bool:
    fields = guards.answer(
        stored.reading,
        codebook.spec(stored.feature),
        answer["status"],
        answer.get("value"),
        answer.get("qualifiers"),
        answer.get("confidence", stored.confidence),
        answer.get("comment", stored.comment),
    )
    proofs: list[Evidence] = list(stored.evidence.all())
    same = all(getattr(stored, name) == value for name, value in fields.items())
    return same and all(any(proving.is_of(piece, proof) for proof in proofs) for piece in quotes)
