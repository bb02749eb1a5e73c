"""Patients read: who may know of whom, what two of a reading say, a person's page with both sides."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from curation.annotation import queries as annotation
from curation.choices import Role, Status
from curation.codebook import queries as codebook
from curation.codebook.rules import FeatureSpec, display, status_words
from curation.errors import NotFound
from curation.models import Finding, Patient, PatientMerge, PatientReport, Reading, SamePatient, User
from curation.models.patients import SamePatientQuerySet
from curation.patients.layout import InWords, MergePage, PersonPage, Side, contradictions
from curation.patients.merging import Said, clashes, plan
from curation.permissions import roles_of
from curation.review import queries as review

#: Most patients that a search for the other report shows.
MOST_CANDIDATES = 20


def known_to(user: object) -> QuerySet[Patient]:
    """Patients of whom something is published, and those of readings that are open to the person.

    Whom another blind reader found is nobody else's to know before that.
    """
    told = Finding.objects.filter(patient=OuterRef("pk"))
    read = Reading.objects.visible_to(user).filter(described__patient=OuterRef("pk"))
    return Patient.objects.visible_to(user).filter(Exists(told) | Exists(read))


def patient(user: object, pk: int) -> Patient:
    """Raises NotFound."""
    found = known_to(user).select_related("project", "merged_into").filter(pk=pk).first()
    if found is None:
        raise NotFound(f"There is no patient {pk} here, or they are not open to you.")
    return found


def patients(user: object, *, project: str = "", words: str = "") -> QuerySet[Patient]:
    """With their reports; every word stands in the name, the article's title or its PMID."""
    rows = known_to(user).filter(project__slug=project) if project else known_to(user)
    for word in words.replace("\x00", " ")[:200].split()[:8]:
        titled = Q(reports__article__title__icontains=word)
        numbered = Q(reports__article__pmid=int(word)) if word.isdecimal() and len(word) < 10 else Q()
        rows = rows.filter(Q(label__icontains=word) | titled | numbered)
    reports = PatientReport.objects.select_related("article").order_by("pk")
    rows = rows.select_related("project").prefetch_related(Prefetch("reports", reports))
    return rows.order_by("project", "pk").distinct()


def candidates(user: object, of: Patient, words: str) -> list[Patient]:
    """Who could be the same person: of the same project, reported elsewhere, and not counted as one already."""
    root = of.merged_into_id or of.pk
    articles = PatientReport.objects.filter(patient=of).values("article")
    rows = patients(user, words=words).filter(project=of.project_id).exclude(pk=of.pk).exclude(pk=root)
    rows = rows.exclude(merged_into=root).exclude(reports__article__in=articles)
    return list(rows[:MOST_CANDIDATES])


def links(user: object, of: Iterable[int]) -> SamePatientQuerySet:
    """What is said of these patients being others, as far as both may be known."""
    keys, known = list(of), known_to(user).values("pk")
    rows = SamePatient.objects.visible_to(user).filter(
        Q(patient__in=keys) | Q(other__in=keys), patient__in=known, other__in=known
    )
    return rows.select_related("patient", "other", "proposed_by", "settled_by", "project")


def _with_reports(links: Sequence[SamePatient]) -> Sequence[SamePatient]:
    """With the reports of both sides at hand, by one query."""
    both = [each for link in links for each in (link.patient, link.other)]
    prefetch_related_objects(both, Prefetch("reports", PatientReport.objects.select_related("article").order_by("pk")))
    return links


def link(user: object, pk: int) -> SamePatient:
    """Raises NotFound."""
    known = known_to(user).values("pk")
    rows = SamePatient.objects.visible_to(user).filter(patient__in=known, other__in=known)
    if (found := rows.select_related("patient", "other", "project").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no word of a same patient {pk} here, or it is not open to you.")
    return found


def person_page(user: object, pk: int, words: str = "") -> PersonPage:
    """The patient with everybody who is counted with them, each side's findings, and where the sides contradict each other."""
    chosen = patient(user, pk)
    root = chosen.merged_into_id or chosen.pk
    same = patients(user).filter(Q(pk=root) | Q(merged_into=root)).filter(project=chosen.project_id)
    lines = {side.patient.pk: side for side in review.published_of_patients(user, list(same))}
    sides = [Side(each, [r.article for r in each.reports.all()], lines.get(each.pk)) for each in same]
    sides = [side for side in sides if side.lines or side.patient.pk == chosen.pk]
    roles = roles_of(user, chosen.project)
    return PersonPage(
        patient=chosen,
        sides=sides,
        contradictions=contradictions(sides),
        links=_with_reports(list(links(user, [each.pk for each in same]))),
        candidates=candidates(user, chosen, words) if roles and words.strip() else [],
        words=words,
        is_member=bool(roles),
        is_moderator=Role.MODERATOR in roles,
    )


def has_read(user: User, patients: Sequence[int]) -> bool:
    """Whether the person's own reading describes one of them."""
    return Reading.objects.filter(curator=user, patients__in=patients).exists()


def is_published(of: Patient) -> bool:
    return Finding.objects.published().filter(patient=of).exclude(status=Status.NOT_APPLICABLE).exists()


def said(reading: Reading, of: Patient) -> list[Said]:
    """What the reading says of the patient, as the plan of a merge looks at it."""
    specs = codebook.specs(reading.codebook_version)
    answers = annotation.annotations_of(reading, of)
    found = []
    for each in answers:
        spec = specs[each.feature.slug]
        series = spec.repeat_group or (spec.slug if spec.repeatable else "")
        found.append(Said(each.pk, spec.slug, series, each.instance, each.status, each.value, each.qualifiers))
    return found


def merge_page(user: User, reading_id: int, kept_id: int, gone_id: int) -> MergePage:
    """Two patients of the reader's own reading, side by side. Raises NotFound."""
    reading = annotation.reading_for(user, reading_id)
    of_reading = {each.pk: each for each in annotation.patients_of(reading)}
    if reading.curator_id != user.pk or kept_id == gone_id or not {kept_id, gone_id} <= set(of_reading):
        raise NotFound("Choose two patients of your reading that are one.")
    kept, gone = of_reading[kept_id], of_reading[gone_id]
    own, theirs = said(reading, kept), said(reading, gone)
    specs = codebook.specs(reading.codebook_version)
    differing = [
        InWords(each.slug, specs[each.slug].label, _words(specs[each.slug], each.kept), _words(specs[each.slug], each.gone))
        for each in clashes(own, theirs)
    ]
    return MergePage(reading, kept, gone, differing, len(plan(own, theirs, {}).to_kept))


def _words(spec: FeatureSpec, one: Said) -> str:
    words, status = display(spec, one.value, one.qualifiers), status_words(spec, one.status)
    return f"{words} ({status})" if words and one.status != Status.PRESENT else words or status


def merges(reading: Reading) -> QuerySet[PatientMerge]:
    """Its reader's that stand, the latest first; what a moderator found of two readings is not told to either reader."""
    return PatientMerge.objects.filter(reading=reading, merged_by=reading.curator_id, undone_at=None).select_related(
        "kept", "gone"
    )


def merge(user: object, pk: int) -> PatientMerge:
    """Raises NotFound."""
    own = PatientMerge.objects.filter(merged_by=F("reading__curator"))
    rows = own.filter(reading__in=Reading.objects.visible_to(user)).select_related("reading", "kept", "gone")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no merge {pk} here, or it is not open to you.")
    return found
