"""What waits to be adjudicated, and one article laid out for it. For moderators who did not read the article themselves."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects

from curation.adjudication import laying
from curation.adjudication.layout import Desk
from curation.annotation.queries import caption_of, figures_of
from curation.choices import FindingState, Outcome, ReadingState, Role, RulingKind, SectionKind
from curation.codebook.queries import specs, with_features
from curation.errors import NotAllowed, NotFound, WrongState
from curation.models import (
    Adjudication,
    Annotation,
    Decision,
    DecisionEvidence,
    Evidence,
    Feature,
    Figure,
    Finding,
    Pairing,
    Project,
    Reading,
    ReadingNote,
    ReadingPatient,
    Ruling,
    Screening,
    Section,
    User,
)
from curation.permissions import require_moderator
from curation.review.queries import place, unasked
from curation.review.rules import differences
from curation.review.settling import Place

TWO = 2
RULINGS = (RulingKind.PUBLISH, RulingKind.ADJUDICATE, RulingKind.REOPEN, RulingKind.SEND_BACK)
HANDED_IN = (ReadingState.SUBMITTED, ReadingState.ACCEPTED)

#: What comes with an article's figures.
WITH_FIGURES = (SectionKind.BODY, SectionKind.CAPTION, SectionKind.TABLE)


class Conflict(NamedTuple):
    """An article whose readings differ: at how many points, or that its patients are not paired yet."""

    screening: Screening
    readings: Sequence[Reading]
    differing: int
    is_paired: bool


def waiting(user: User, project: Project | None = None) -> QuerySet[Screening]:
    """Articles of which both readings are submitted and that the person may decide on, the longest waiting first."""
    projects = Project.objects.of_member(user, Role.MODERATOR).filter(readers_required=TWO)
    rows = Screening.objects.included().filter(project__in=projects.filter(pk=project.pk) if project else projects)
    of_article = Reading.objects.filter(project=OuterRef("project"), article=OuterRef("article")).order_by()
    handed_in = of_article.filter(state=ReadingState.SUBMITTED).values("project").annotate(number=Count("pk")).values("number")
    latest = of_article.order_by("-submitted_at").values("submitted_at")[:1]
    rows = rows.exclude(Exists(of_article.filter(curator=user))).annotate(handed_in=Subquery(handed_in), since=Subquery(latest))
    return rows.filter(handed_in=TWO).select_related("project", "article").order_by("since", "pk")


def conflicts(user: User, project: Project | None = None) -> list[Conflict]:
    """Those of ``waiting`` whose readings differ, or describe their patients under names of their own."""
    return [each for each in compared(waiting(user, project)) if each.differing or not each.is_paired]


def compared(rows: Iterable[Screening]) -> list[Conflict]:
    """Each with how far its readings differ; a fixed number of queries, however many there are."""
    rows = list(rows)
    wanted = {(row.project_id, row.article_id): row for row in rows}
    projects, articles = {row.project_id for row in rows}, {row.article_id for row in rows}
    found = Reading.objects.filter(project__in=projects, article__in=articles, state=ReadingState.SUBMITTED)
    by_article: dict[tuple[int, int], list[Reading]] = defaultdict(list)
    for reading in found.select_related("curator", "codebook_version").order_by("pk"):
        if (reading.project_id, reading.article_id) in wanted:
            by_article[reading.project_id, reading.article_id].append(reading)
    readings = [reading for many in by_article.values() for reading in many]
    answers, kept = _answers_by_reading(readings), _kept(articles)
    described = _described(readings)
    return [_compared(row, by_article[key], answers, described, kept) for key, row in wanted.items()]


def _compared(
    row: Screening,
    readings: Sequence[Reading],
    answers: Mapping[int, Sequence[Annotation]],
    described: Mapping[int, set[int]],
    kept: Mapping[int, int],
) -> Conflict:
    """Patients that were paired count as one; of one whom only one reading has, that reading's word is taken."""
    people = [{kept.get(each, each) for each in described[reading.pk]} for reading in readings]
    common = set.intersection(*people)
    is_paired = all(each in kept for reading in readings for each in described[reading.pk] if kept.get(each, each) not in common)
    told = [
        {(kept.get(pk, pk), slug, n): answer for (pk, slug, n), answer in _applicable(reading, answers[reading.pk]).items()}
        for reading in readings
    ]
    differing = sum(patient in common for patient, _slug, _instance in differences(told))
    return Conflict(row, readings, differing, is_paired)


def _kept(articles: Iterable[int]) -> dict[int, int]:
    """Of every patient who was paired, or is alone, whom they count as."""
    found: dict[int, int] = {}
    for one, other in Pairing.objects.filter(adjudication__article__in=list(articles)).values_list("patient", "other"):
        found |= {one: one} | ({other: one} if other else {})
    return found


def _described(readings: Iterable[Reading]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for reading, patient in ReadingPatient.objects.filter(reading__in=list(readings)).values_list("reading", "patient"):
        found[reading].add(patient)
    return found


def _applicable(reading: Reading, answers: Sequence[Annotation]) -> dict[Place, Annotation]:
    left_out = unasked(specs(reading.codebook_version), answers)
    return {place(answer): answer for answer in answers if place(answer) not in left_out}


def _answers_by_reading(readings: Sequence[Reading]) -> dict[int, list[Annotation]]:
    """In the codebook's order, with their evidence at hand; not those set aside when a reader merged two patients."""
    rows = Annotation.objects.standing().filter(reading__in=list(readings), patient__described_in__reading=F("reading"))
    proof = Prefetch("evidence", Evidence.objects.select_related("figure").order_by("pk"))
    rows = rows.order_by("patient", "feature__position", "instance").prefetch_related(proof)
    found: dict[int, list[Annotation]] = defaultdict(list)
    for answer in with_features(rows):
        found[answer.reading_id].append(answer)
    return found


def require_may_adjudicate(user: User, project: Project, readings: Iterable[Reading]) -> None:
    """Nobody decides on an article that they read themselves, and nobody who reads it learns of it before it is published."""
    require_moderator(user, project)
    if any(reading.curator_id == user.pk for reading in readings):
        raise NotAllowed("You read this article yourself: this is your own reading; another moderator has to decide on it.")


def readings_of(project: Project, article_id: int) -> QuerySet[Reading]:
    """Of one article, in key order, each with the adjudication's own version, and whether anything was ruled of it, at hand."""
    own = Adjudication.objects.filter(project=project, article=article_id).values("version")
    ruled = Ruling.objects.filter(project=project, article=article_id, kind__in=RULINGS)
    rows = Reading.objects.filter(project=project, article=article_id)
    rows = rows.annotate(adjudicated=Subquery(own), is_ruled=Exists(ruled))
    return rows.select_related("project", "article", "curator", "codebook_version__codebook").order_by("pk")


def desk(user: User, project: Project, article_id: int) -> Desk:
    """For the page: with the article's text. Raises NotFound, NotAllowed, WrongState."""
    readings = list(readings_of(project, article_id))
    return laid_out(user, project, article_id, readings, with_text=True)


def laid_out(user: User, project: Project, article_id: int, readings: Sequence[Reading], *, with_text: bool = False) -> Desk:
    require_may_adjudicate(user, project, readings)
    if not readings:
        raise NotFound(f"Nobody reads an article {article_id} in “{project}”; there is nothing to adjudicate.")
    _require_handed_in(project, readings)
    answers = _answers_by_reading(readings)
    sections = _sections(article_id, readings) if with_text else []
    told = {reading.pk: _applicable(reading, answers[reading.pk]) for reading in readings}
    described: dict[int, list[ReadingPatient]] = defaultdict(list)
    for each in ReadingPatient.objects.filter(reading__in=readings).select_related("patient").order_by("position", "pk"):
        described[each.reading_id].append(each)
    place_of = Q(adjudication__project=project, adjudication__article=article_id)
    is_begun, rulings = _known_of(readings, "adjudicated"), _rulings(readings) if _known_of(readings, "is_ruled") else []
    return laying.desk(
        readings,
        told,
        {pk: [each.patient for each in many] for pk, many in described.items()},
        list(Pairing.objects.filter(place_of).select_related("patient", "other")) if is_begun and _are_apart(described) else [],
        _decisions(place_of) if is_begun else [],
        sections,
        _figures(article_id, sections),
        _notes(readings) if any(each.kind == RulingKind.SEND_BACK for each in rulings) else [],
        _public(readings) if rulings else [],
        [each for each in rulings if each.kind != RulingKind.SEND_BACK],
    )


def _known_of(readings: Sequence[Reading], name: str) -> bool:
    """What ``readings_of`` found of them beside, so that nothing is asked for that is not there."""
    return bool(getattr(readings[0], name))


def _are_apart(described: Mapping[int, Sequence[ReadingPatient]]) -> bool:
    return len({frozenset(each.patient_id for each in many) for many in described.values()}) > 1


def open_to(user: User, rows: QuerySet[Adjudication]) -> QuerySet[Adjudication]:
    """Those the person may see; an administrator also those of projects they have no part in."""
    visible = Q(pk__in=Adjudication.objects.visible_to(user))
    apart = ~Q(project__in=Project.objects.of_member(user))
    return rows.filter(visible | apart) if user.is_administrator else rows.filter(visible)


def whole_version(row: Adjudication, own: int | None) -> int | None:
    """The version that acts name, from the row's own one: its readings' count with it."""
    readings = Reading.objects.filter(project=row.project_id, article=row.article_id)
    return None if own is None else own + sum(readings.values_list("version", flat=True))


def value_type(user: User, project: Project, article_id: int, slug: str) -> str:
    """Of which kind a feature's values are, under the codebooks of the article's readings; empty for one they do not have."""
    readings = Reading.objects.visible_to(user).filter(project=project, article=article_id)
    rows = Feature.objects.filter(slug=slug.replace("\x00", "\ufffd"), codebook_version__in=readings.values("codebook_version"))
    return rows.order_by("-codebook_version").values_list("value_type", flat=True).first() or ""


def _require_handed_in(project: Project, readings: Sequence[Reading]) -> None:
    if project.readers_required < TWO:
        raise WrongState(f"“{project}” asks for one reader of each article: publish the reading itself.")
    ready = [reading for reading in readings if reading.state in HANDED_IN]
    if len(ready) < len(readings) or len(readings) < project.readers_required:
        raise WrongState(
            f"“{project}” asks for {project.readers_required} readers of each article, and {len(ready)} of {readings[0].article} "
            "has submitted. It can be adjudicated when both have; what was decided before is kept until then."
        )


def _decisions(place_of: Q) -> list[Decision]:
    """The latest of a place last. Only a third answer has evidence of its own."""
    rows = Decision.objects.filter(place_of).select_related("followed__curator", "decided_by", "ruling__moderator")
    found = with_features(rows.order_by("pk"))
    proof = DecisionEvidence.objects.select_related("section__article", "figure").order_by("pk")
    prefetch_related_objects([each for each in found if each.outcome == Outcome.THIRD], Prefetch("evidence", proof))
    return found


def _sections(article_id: int, readings: Sequence[Reading]) -> list[Section]:
    """The text as it is now, and older wordings that something of a reading or of a decision points into."""
    quoted = Evidence.objects.filter(annotation__reading__in=readings, section=OuterRef("pk"))
    decided = DecisionEvidence.objects.filter(section=OuterRef("pk"))
    rows = Section.objects.filter(Q(is_current=True) | Exists(quoted) | Exists(decided), article=article_id)
    return list(rows.order_by("position", "key", "-version"))


def _figures(article_id: int, sections: Sequence[Section]) -> list[tuple[int, Figure]]:
    """Those of which a picture is kept, each with its caption's section: a third answer may point at a place on them."""
    if not any(section.kind in WITH_FIGURES for section in sections):
        return []
    return [(caption_of(figure), figure) for figure in figures_of([article_id]) if figure.image]


def _notes(readings: Sequence[Reading]) -> list[ReadingNote]:
    rows = ReadingNote.objects.filter(reading__in=readings).select_related("feature", "patient", "author", "reading__curator")
    return list(rows.order_by("pk"))


def _public(readings: Sequence[Reading]) -> list[Finding]:
    """What is published of the article, and what was taken back; of one place the latest last."""
    of_article = Q(ruling__article=readings[0].article_id, project=readings[0].project_id)
    rows = Finding.objects.filter(of_article, rule=None).exclude(state=FindingState.SUPERSEDED)
    return with_features(rows.select_related("patient", "retraction__moderator").order_by("pk"))


def _rulings(readings: Sequence[Reading]) -> list[Ruling]:
    rows = Ruling.objects.filter(project=readings[0].project_id, article=readings[0].article_id, kind__in=RULINGS)
    return list(rows.select_related("moderator").order_by("-pk"))
