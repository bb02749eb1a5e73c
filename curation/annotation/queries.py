"""What a person may read of readings: their work list, the workspace, what is still missing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from curation.annotation import anchoring, rules
from curation.annotation.anchoring import Place
from curation.annotation.rules import Recorded
from curation.choices import EvidenceState, ReadingState
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec
from curation.errors import Fault, Invalid, NotFound
from curation.models import (
    Annotation,
    Article,
    Evidence,
    Feature,
    Figure,
    Patient,
    Project,
    Reading,
    ReadingNote,
    Screening,
    Section,
    User,
)
from curation.models.annotation import ReadingQuerySet
from curation.screening.queries import screened_by

#: Most places that a search for a sentence shows.
MOST_PLACES = 20


def readings_of(user: User, project: Project | None = None) -> ReadingQuerySet:
    """The person's own readings, the latest changed first."""
    own = Reading.objects.visible_to(user).filter(curator=user)
    rows = own.select_related("project", "article", "codebook_version__codebook").annotate(recorded=Count("annotations"))
    return (rows.filter(project=project) if project else rows).order_by("-changed_at", "-pk")


def visible_readings(user: object, *, project: str = "", state: str = "") -> QuerySet[Reading]:
    """Every reading the person may see: their own, and those handed in where they moderate."""
    rows = Reading.objects.visible_to(user).select_related("project", "article", "curator", "codebook_version__codebook")
    rows = rows.filter(project__slug=project) if project else rows
    return (rows.filter(state=state) if state in ReadingState.values else rows).order_by("-changed_at", "-pk")


def reading_for(user: object, pk: int) -> Reading:
    """Raises NotFound for one that does not exist or is not open to the person; both look the same."""
    rows = Reading.objects.visible_to(user).select_related("project", "article", "curator", "codebook_version__codebook")
    if (reading := rows.filter(pk=pk).first()) is None:
        raise no_reading(pk)
    return reading


def no_reading(pk: int) -> NotFound:
    return NotFound(f"There is no reading {pk} here, or it is not open to you.")


def startable(user: User) -> QuerySet[Screening]:
    """Articles included in the person's projects that they have not begun and may read, and that still want a reader."""
    of_article = Reading.objects.filter(project=OuterRef("project"), article=OuterRef("article"))
    rows = Screening.objects.filter(project__in=Project.objects.of_member(user)).included()
    barred = Q(project__screener_may_read=False) & screened_by(user)
    wanted = wanting_readers(rows).exclude(Exists(of_article.filter(curator=user))).exclude(barred)
    return wanted.select_related("project", "article").order_by("project__title", "pk")


def wanting_readers(rows: QuerySet[Screening]) -> QuerySet[Screening]:
    """Those with fewer ``readers`` than their project asks for; counted beside, not grouped, to be lockable."""
    of_article = Reading.objects.filter(project=OuterRef("project"), article=OuterRef("article")).order_by()
    begun = of_article.values("project").annotate(number=Count("pk")).values("number")
    return rows.annotate(readers=Coalesce(Subquery(begun), 0)).filter(readers__lt=F("project__readers_required"))


def new_reading(project: Project, article: Article, curator: User) -> Reading:
    """As a reading begins, not saved yet: under the project's codebook, of all that is here of the article."""
    kinds = Section.objects.current().filter(article=article).values_list("kind", flat=True)
    return Reading(
        project=project,
        article=article,
        curator=curator,
        codebook_version=project.codebook_version,
        scope=rules.parts_before_the_reader(kinds),
    )


def patients_of(reading: Reading) -> list[Patient]:
    return list(Patient.objects.filter(described_in__reading=reading).order_by("described_in__position", "described_in__pk"))


def sections_for(reading: Reading, *, only: Collection[int] | None = None) -> list[Section]:
    """The article's text as it is now, and older wordings that this reading quotes; ``only`` these of them."""
    if only is not None and not only:
        return []
    quoted = Evidence.objects.filter(annotation__reading=reading, section=OuterRef("pk"))
    rows = Section.objects.filter(article_id=reading.article_id).filter(Q(is_current=True) | Exists(quoted))
    rows = rows if only is None else rows.filter(pk__in=only)
    return list(rows.order_by("position", "key", "-version"))


def annotations(reading: Reading, *, patient_id: int | None = None) -> QuerySet[Annotation]:
    """With feature and evidence (and its section) at hand; in the codebook's order.

    Not those set aside when two patients were merged: their patient is no longer described.
    """
    rows = Annotation.objects.filter(reading=reading, patient__described_in__reading=reading).select_related(
        "feature__group", "patient"
    )
    rows = rows if patient_id is None else rows.filter(patient=patient_id)
    quoted = Evidence.objects.select_related("section").defer("section__text", "section__html")
    proof = Prefetch("evidence", queryset=quoted.order_by("pk"))
    return rows.order_by("patient", "feature__position", "instance").prefetch_related(proof)


def annotations_of(reading: Reading, patient: Patient | None = None) -> list[Annotation]:
    rows = annotations(reading, patient_id=patient.pk if patient else None)
    return codebook.with_features(rows.select_related(None).select_related("patient"))


def answers_of(reading: Reading, features: Mapping[int, Feature]) -> list[Annotation]:
    """The same where the features are at hand already: no row is read with each answer that stands in few or one."""
    answers = list(annotations(reading).select_related(None))
    for answer in answers:
        answer.feature = features[answer.feature_id]
    return answers


def annotation_for(user: object, pk: int) -> Annotation:
    rows = Annotation.objects.visible_to(user).select_related("reading", "feature", "patient")
    if (annotation := rows.prefetch_related("evidence__section").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no annotation {pk} here, or it is not open to you.")
    return annotation


def stored(user: object, *, reading_id: int, patient_id: int, feature_slug: str, instance: int) -> Annotation | None:
    """What the reading says there; None for nothing, or where the reading is not open to the person."""
    place = {"reading": reading_id, "patient": patient_id, "feature__slug": feature_slug, "instance": instance}
    return Annotation.objects.visible_to(user).filter(**place).select_related("feature").first()


def reading_of(user: object, annotation_id: int) -> int:
    """The reading an annotation is in."""
    rows = Annotation.objects.visible_to(user).filter(pk=annotation_id)
    if (reading_id := rows.values_list("reading", flat=True).first()) is None:
        raise NotFound(f"There is no annotation {annotation_id} here, or it is not open to you.")
    return reading_id


def evidence_for(user: object, pk: int) -> Evidence:
    rows = Evidence.objects.filter(annotation__in=Annotation.objects.visible_to(user))
    if (evidence := rows.select_related("annotation__feature").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no evidence {pk} here, or it is not open to you.")
    return evidence


def left_behind(article_ids: Sequence[int]) -> tuple[list[Evidence], list[Section], set[tuple[int, int, int | None, int | None]]]:
    """Evidence in wordings that are no longer current, locked; the articles' text as it is now; the places taken already."""
    behind = Evidence.objects.filter(section__article__in=article_ids, section__is_current=False)
    behind = behind.exclude(state=EvidenceState.KEPT).order_by("pk")
    evidence = list(behind.select_related("section").select_for_update(of=("self",)))
    articles, annotations = {e.section.article_id for e in evidence}, {e.annotation_id for e in evidence}
    sections = Section.objects.current().filter(article__in=articles).order_by("position")
    taken = Evidence.objects.filter(annotation__in=annotations).values_list("annotation_id", "section_id", "start", "end")
    return evidence, list(sections), set(taken)


def figures_of(sections: Sequence[Section]) -> dict[tuple[int, str], Figure]:
    """By article and key: the figures that these sections are the captions of."""
    rows = Figure.objects.filter(article__in={section.article_id for section in sections})
    return {(figure.article_id, figure.key): figure for figure in rows}


def recorded(annotations: Iterable[Annotation]) -> list[Recorded]:
    return [Recorded(a.feature.slug, a.instance, a.status, a.value, a.comment, len(a.evidence.all())) for a in annotations]


def missing(reading: Reading) -> list[Fault]:
    """Everything that submit would refuse, each with the address of its place in the workspace."""
    notes = ReadingNote.objects.filter(reading=reading).select_related("feature", "patient").order_by("pk")
    specs = codebook.specs(reading.codebook_version)
    return missing_of(reading, patients_of(reading), annotations_of(reading), specs, notes)


def missing_of(
    reading: Reading,
    patients: Sequence[Patient],
    annotations: Iterable[Annotation],
    specs: Mapping[str, FeatureSpec],
    notes: Iterable[ReadingNote] = (),
) -> list[Fault]:
    """The same of what is at hand already."""
    unanswered = [_unanswered(reading, note) for note in notes if not (note.answered_at or note.resolved_at)]
    if not patients:
        reason = "the reading describes nobody yet; add the patient"
        return [Fault("patients", reason, reverse("web:reading", args=[reading.pk])), *unanswered]
    by_patient: dict[int, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        by_patient[annotation.patient_id].append(annotation)
    return [
        Fault(f"{patient.label}: {specs[gap.slug].label}", gap.reason, place_in_workspace(reading.pk, patient.pk, gap.slug))
        for patient in patients
        for gap in rules.gaps(specs, recorded(by_patient[patient.pk]))
    ] + unanswered


def _unanswered(reading: Reading, note: ReadingNote) -> Fault:
    about = ": ".join(str(part) for part in (note.patient, note.feature) if part) or "the whole reading"
    return Fault(about, "the moderator's note has no answer yet", place_of_note(reading.pk, note))


def place_of_note(reading_id: int, note: ReadingNote) -> str:
    """The note in the workspace, with its patient chosen."""
    query = f"?{urlencode({'patient': note.patient_id})}" if note.patient_id else ""
    return f"{reverse('web:reading', args=[reading_id])}{query}#note-{note.pk}"


def place_in_workspace(reading_id: int, patient_id: int, slug: str) -> str:
    query = urlencode({"patient": patient_id})
    return f"{reverse('web:reading-feature', args=[reading_id, slug])}?{query}#feature-{slug}"


def value_type_in(user: object, reading_id: int, slug: str) -> str:
    """Of which kind a feature's values are; empty for a feature that the reading's codebook does not have."""
    readings = Reading.objects.visible_to(user).filter(pk=reading_id)
    features = Feature.objects.filter(slug=slug, codebook_version__in=readings.values("codebook_version"))
    return features.values_list("value_type", flat=True).first() or ""


def groups_of_series(user: object, reading_id: int, series: str) -> set[str]:
    """The groups whose features share these rows."""
    features = Feature.objects.filter(codebook_version=reading_for(user, reading_id).codebook_version_id, repeat_group=series)
    return set(features.values_list("group__slug", flat=True))


def feature_in(reading: Reading, slug: str) -> Feature:
    """Raises Invalid, naming near matches, for a feature that the reading's codebook version does not have."""
    features = Feature.objects.filter(codebook_version=reading.codebook_version)
    if (feature := features.prefetch_related("options").filter(slug=slug.replace("\x00", "\ufffd")).first()) is None:
        raise rules.unknown_feature(slug, features.values_list("slug", flat=True), reading.codebook_version)
    return feature


def places(reading: Reading, typed: str) -> list[tuple[Section, Place]]:
    """Where the typed words stand in the article, or the sentences that hold them all."""
    found = ((s, p) for s in sections_for(reading) for p in anchoring.search(s.text, typed, limit=MOST_PLACES))
    return list(found)[:MOST_PLACES]


def sections_named(reading: Reading, ids: Sequence[int]) -> dict[int, Section]:
    """Raises Invalid for a section that is not of the reading's article."""
    found = Section.objects.filter(article_id=reading.article_id).in_bulk(set(ids))
    faults = [Fault("section", f"{pk} is no section of {reading.article}") for pk in ids if pk not in found]
    if faults:
        raise Invalid("A quote names a section of another text.", faults=faults)
    return found
