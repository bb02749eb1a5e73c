"""A reading's answers as the workspace and a save need them: a query for all of a kind, and nothing read that is not shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q

from curation.annotation import queries, rules
from curation.annotation.rules import Gap, Recorded
from curation.codebook.rules import FeatureSpec
from curation.models import Annotation, Evidence, Feature, Notice, Patient, PatientMerge, Reading, Section, User


def reading_to_show(user: object, pk: int) -> Reading:
    """As ``queries.reading_for``, with what tells its page which questions it need not ask: ``has_merges``, ``has_notices``."""
    merges = PatientMerge.objects.filter(reading=OuterRef("pk"), undone_at=None)
    notices = Notice.objects.filter(article=OuterRef("article"))
    rows = Reading.objects.visible_to(user).annotate(has_merges=Exists(merges), has_notices=Exists(notices))
    if (reading := queries.with_its_own(rows).filter(pk=pk).first()) is None:
        raise queries.no_reading(pk)
    return reading


def answers_of(reading: Reading, features: Mapping[int, Feature], patients: Iterable[Patient]) -> list[Annotation]:
    """In the codebook's order, where features and patients are at hand; of the evidence only how much there is (``proven``)."""
    rows = Annotation.objects.filter(reading=reading, patient__in=[patient.pk for patient in patients])
    rows = rows.annotate(for_it=Count("evidence", filter=Q(evidence__contradicts=False))).order_by("instance", "pk")
    answers = [answer for answer in rows if answer.feature_id in features]  # others are of an earlier codebook, and set aside
    for answer in answers:
        answer.reading, answer.feature = reading, features[answer.feature_id]
    return sorted(answers, key=lambda answer: (answer.patient_id, answer.feature.position, answer.instance))


def proven(answer: Annotation) -> int:
    """By how many pieces of evidence, of an answer as ``answers_of`` gives them."""
    return int(answer.for_it)  # type: ignore[attr-defined]


def proofs_of(
    reading: Reading, *, features: Collection[int] | None = None, sections: Collection[int] = (), text: Iterable[Section] = ()
) -> dict[int, list[Evidence]]:
    """Evidence by the answer it belongs to; ``features``: no other than of answers to these, or what stands in ``sections``.

    ``text``: what is at hand of the article; where that is all of it, none of it is read again with each piece of evidence.
    """
    rows = queries.proofs().filter(annotation__reading=reading)
    at_hand = {section.pk: section for section in text}
    rows = rows.select_related(None).select_related("figure") if at_hand else rows
    if features is not None:
        rows = rows.filter(Q(annotation__feature__in=features) | Q(section__in=sections))
    found: dict[int, list[Evidence]] = defaultdict(list)
    for proof in rows:
        if at_hand:
            proof.section = at_hand[proof.section_id]
        found[proof.annotation_id].append(proof)
    return found


def stored(user: User, *, reading_id: int, patient_id: int, feature_slug: str, instance: int) -> Annotation | None:
    """What the person's own reading says there; None for nothing, or where it is not theirs."""
    place = {"reading": reading_id, "patient": patient_id, "feature__slug": feature_slug, "instance": instance}
    return Annotation.objects.standing().order_by().filter(**place, reading__curator=user).first()


def said_of(reading: Reading, patient: Patient) -> list[Recorded]:
    """Which answers there are of the patient, for rules that ask for no evidence."""
    rows = Annotation.objects.standing().filter(reading=reading, patient=patient).order_by()
    told = rows.values_list("feature__slug", "instance", "status", "value")
    return [Recorded(*each, comment="", evidence=0) for each in told]


class Said(NamedTuple):
    """The answers about one patient, and what follows from them: what is asked, and what is lacking."""

    answers: Sequence[Annotation]
    asked: Mapping[str, bool | None]
    gaps: Sequence[Gap]


def said(answers: Sequence[Annotation], specs: Mapping[str, FeatureSpec]) -> Said:
    recorded = queries.recorded(answers, proven)
    asked = rules.asked(specs, recorded)
    return Said(answers, asked, rules.gaps(specs, recorded, asked))
