"""What a person may read of readings: their work list and the workspace."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from curation.annotation import anchoring, rules
from curation.annotation.anchoring import Place
from curation.annotation.pieces import Piece, Region
from curation.annotation.rules import Recorded
from curation.choices import EvidenceKind, EvidenceState, ReadingState
from curation.codebook import queries as codebook
from curation.errors import NotFound
from curation.models import (
    Annotation,
    Article,
    CodebookVersion,
    Evidence,
    Feature,
    Figure,
    Patient,
    Project,
    Reading,
    ReadingNote,
    Section,
    Unmoved,
    User,
)
from curation.models.annotation import ReadingQuerySet

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
    if (reading := with_its_own(Reading.objects.visible_to(user)).filter(pk=pk).first()) is None:
        raise no_reading(pk)
    return reading


def with_its_own(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """With project, article, reader and codebook at hand; a codebook's source alone has 100 kB."""
    rows = knowing_its_rest(rows).select_related("project", "article", "curator", "codebook_version__codebook")
    return rows.defer("codebook_version__source", "codebook_version__statuses")


def knowing_its_rest(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """With ``has_unsettled``, which spares ``unsettled`` its question."""
    return rows.annotate(has_unsettled=Exists(Unmoved.objects.open().of_reading(OuterRef("pk"))))


def no_reading(pk: int) -> NotFound:
    return NotFound(f"There is no reading {pk} here, or it is not open to you.")


def new_reading(project: Project, article: Article, curator: User) -> Reading:
    """As a reading begins, not saved yet: under the project's codebook, of all that is here of the article."""
    kinds = Section.objects.current().filter(article=article).values_list("kind", flat=True)
    return Reading(
        project=project,
        article=article,
        curator=curator,
        codebook_version=_version_now(project),
        scope=rules.parts_before_the_reader(kinds),
    )


def _version_now(project: Project) -> CodebookVersion:
    """The project's, which cannot move to another until this transaction has ended. Locked without its version beside it: of a
    row that changed while one waited, a join with what it had before finds nothing."""
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk).codebook_version


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

    Not those set aside when two patients were merged: their patient is no longer described. Nor those of an earlier codebook.
    """
    rows = Annotation.objects.standing().filter(reading=reading, patient__described_in__reading=reading)
    rows = rows.select_related("feature__group", "patient")
    rows = rows if patient_id is None else rows.filter(patient=patient_id)
    return rows.order_by("patient", "feature__position", "instance").prefetch_related(Prefetch("evidence", queryset=proofs()))


def proofs() -> QuerySet[Evidence]:
    """Evidence with what it points at, without the text that stands there."""
    return Evidence.objects.select_related("section", "figure").defer("section__text", "section__html").order_by("pk")


def annotations_of(reading: Reading, patient: Patient | None = None) -> list[Annotation]:
    rows = annotations(reading, patient_id=patient.pk if patient else None)
    return codebook.with_features(rows.select_related(None).select_related("patient"))


def annotation_for(user: object, pk: int) -> Annotation:
    rows = Annotation.objects.visible_to(user).select_related("reading", "feature", "patient")
    if (annotation := rows.prefetch_related("evidence__section", "evidence__figure").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no annotation {pk} here, or it is not open to you.")
    return annotation


def reading_of(user: object, annotation_id: int) -> int:
    """The reading an annotation is in; most who ask for it are its reader."""
    rows = Annotation.objects.order_by().filter(pk=annotation_id).values_list("reading", flat=True)
    own = rows.filter(reading__curator=user).first() if isinstance(user, User) else None
    if (reading_id := own or rows.filter(reading__in=Reading.objects.visible_to(user)).first()) is None:
        raise NotFound(f"There is no annotation {annotation_id} here, or it is not open to you.")
    return reading_id


def evidence_for(user: object, pk: int) -> Evidence:
    rows = Evidence.objects.filter(annotation__in=Annotation.objects.visible_to(user))
    if (evidence := rows.select_related("annotation__feature").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no evidence {pk} here, or it is not open to you.")
    return evidence


class Behind(NamedTuple):
    """Evidence whose text or picture was published anew, locked; the articles as they are now; the places taken already."""

    evidence: list[Evidence]
    sections: list[Section]
    figures: list[Figure]
    taken: set[tuple[object, ...]]


def left_behind(article_ids: Sequence[int]) -> Behind:
    """What a person left with the earlier wording stays there."""
    of_articles = Evidence.objects.filter(section__article__in=article_ids).exclude(state=EvidenceState.KEPT)
    drawn_on_another = Q(figure=None) | ~Q(figure__sha256=F("picture_sha256")) | ~Q(state=EvidenceState.ANCHORED)
    behind = of_articles.filter(Q(section__is_current=False) | Q(kind=EvidenceKind.REGION) & drawn_on_another).order_by("pk")
    evidence = list(behind.select_related("section").select_for_update(of=("self",)))
    articles, annotations = {e.section.article_id for e in evidence}, {e.annotation_id for e in evidence}
    sections = Section.objects.current().filter(article__in=articles).order_by("position")
    taken = {(each.annotation_id, *each.place) for each in Evidence.objects.filter(annotation__in=annotations)}
    return Behind(evidence, list(sections), list(figures_of(articles)), taken)


def figures_of(article_ids: Iterable[int]) -> QuerySet[Figure]:
    """Each with the id of the section that is its ``caption``: its own, that of the figure it is a part of, or the title."""
    current = Section.objects.current().filter(article=OuterRef("article"))
    whole = Func(OuterRef("key"), Value("."), Value(1), function="split_part")
    own, of_whole, title = (current.filter(key=key).values("pk")[:1] for key in (OuterRef("key"), whole, Value("title")))
    rows = Figure.objects.filter(article__in=list(article_ids)).order_by("position")
    return rows.annotate(caption=Coalesce(Subquery(own), Subquery(of_whole), Subquery(title)))


def sections_of(pieces: Iterable[Piece]) -> set[int]:
    """Where what was pointed at stands: sections of words and cells, captions of figures."""
    pieces = list(pieces)
    drawn = [piece.figure_id for piece in pieces if isinstance(piece, Region)]
    articles = Figure.objects.filter(pk__in=drawn).values_list("article", flat=True)
    captions = {caption_of(figure) for figure in figures_of(articles).filter(pk__in=drawn)} if drawn else set()
    return captions | {piece.section_id for piece in pieces if not isinstance(piece, Region)}


def caption_of(figure: Figure) -> int:
    """Its section's id, of a figure as ``figures_of`` gives them."""
    return int(figure.caption)  # type: ignore[attr-defined]


def _for_it(annotation: Annotation) -> int:
    return sum(not piece.contradicts for piece in annotation.evidence.all())


def recorded(annotations: Iterable[Annotation], evidence: Callable[[Annotation], int] = _for_it) -> list[Recorded]:
    """What speaks against an answer does not prove it, and is not counted as its evidence."""
    return [Recorded(a.feature.slug, a.instance, a.status, a.value, a.comment, evidence(a)) for a in annotations]


def place_of_note(reading_id: int, note: ReadingNote) -> str:
    """The note in the workspace, with its patient chosen."""
    query = f"?{urlencode({'patient': note.patient_id})}" if note.patient_id else ""
    return f"{reverse('web:reading', args=[reading_id])}{query}#note-{note.pk}"


def place_in_workspace(reading_id: int, patient_id: int, slug: str) -> str:
    query = urlencode({"patient": patient_id})
    return f"{reverse('web:reading-feature', args=[reading_id, slug])}?{query}#feature-{slug}"


def value_type_in(reading_id: int, slug: str) -> str:
    """Of which kind a feature's values are; empty for a feature that the reading's codebook, which is public, does not have."""
    version = Reading.objects.order_by().filter(pk=reading_id).values_list("codebook_version", flat=True).first()
    feature = codebook.feature_of(version, slug) if version else None
    return feature.value_type if feature else ""


def feature_in(reading: Reading, slug: str) -> Feature:
    """Raises Invalid, naming near matches, for a feature that the reading's codebook version does not have."""
    if (feature := codebook.feature_of(reading.codebook_version_id, slug)) is None:
        raise rules.unknown_feature(slug, codebook.specs_in(reading.codebook_version_id), reading.codebook_version)
    return feature


def places(reading: Reading, typed: str) -> list[tuple[Section, Place]]:
    """Where the typed words stand in the article, or the sentences that hold them all."""
    found = ((s, p) for s in sections_for(reading) for p in anchoring.search(s.text, typed, limit=MOST_PLACES))
    return list(found)[:MOST_PLACES]
