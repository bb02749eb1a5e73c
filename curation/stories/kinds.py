"""The things that have a story: who may find each, and of which rows its story is told, as far as the person may see these."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import gettext as _

from curation.annotation import queries as annotation
from curation.articles import batches
from curation.choices import RulingKind
from curation.codebook import queries as codebooks
from curation.cohorts import queries as cohorts
from curation.errors import NotFound
from curation.models import (
    Adjudication,
    Batch,
    CodebookVersion,
    Cohort,
    Decision,
    Finding,
    Flag,
    Patient,
    PatientMerge,
    Project,
    Proposal,
    Reading,
    Ruling,
    SamePatient,
    Screening,
    User,
    Vote,
)
from curation.models.audit import ANNOTATION, MEMBERSHIP, READING_PARTS, annotated
from curation.patients import queries as patients
from curation.people import queries as people
from curation.permissions import require_belonging
from curation.screening import queries as screening


class Kind(NamedTuple):
    """``find`` raises NotFound for what is not open to the person; ``rows`` chooses the events of the thing's story."""

    find: Callable[..., Any]
    rows: Callable[[object, Any], Q]
    link: Callable[[Any], str]
    title: Callable[[Any], str] = str


def of(*rows: QuerySet[Any]) -> Q:
    """Events of these rows, by their numbers: so an index finds them, however long the trail is. One statement for all."""
    named = [each.order_by().values_list(Value(each.model._meta.db_table, CharField()), "pk") for each in rows]
    by_table: dict[str, list[int]] = defaultdict(list)
    for table, pk in named[0].union(*named[1:], all=True):
        by_table[table].append(pk)
    return reduce(or_, (Q(table=table, row_id__in=keys) for table, keys in by_table.items()), Q(pk__in=[]))


def itself(row: Model) -> Q:
    return Q(table=row._meta.db_table, row_id=row.pk)


def where(tables: Iterable[str], column: str, number: int) -> Q:
    """Events of all rows of these tables, gone or not, that hold the number in this column."""
    return Q(table__in=tables) & Q(Exact(annotated(column), number))


def a_screening(user: object, pk: int) -> Screening:
    found = screening.screening_for(user, pk)
    require_belonging(user, found.project)
    return found


def of_screening(user: object, row: Screening) -> Q:
    """The decision, and of votes, readings, their adjudication and rulings what the person may see."""
    votes = Vote.objects.visible_to(user).filter(screening=row)
    readings = Reading.objects.visible_to(user).filter(project=row.project_id, article=row.article_id)
    same = {"project": row.project_id, "article": row.article_id}
    begun = Adjudication.objects.visible_to(user).filter(**same)
    decided = Decision.objects.filter(adjudication__in=begun)
    return itself(row) | of(votes, readings, rulings(user).filter(**same), begun, decided)


def rulings(user: object) -> QuerySet[Ruling]:
    """What is published was ruled for all who see the project; a return is its reader's and the moderators' business."""
    public = ~Q(kind=RulingKind.SEND_BACK) & Q(project__in=Project.objects.visible_to(user))
    return Ruling.objects.filter(public | Q(reading__in=Reading.objects.visible_to(user)))


def a_ruling(user: object, pk: int) -> Ruling:
    if (found := rulings(user).select_related("article", "moderator", "project").filter(pk=pk).first()) is None:
        raise NotFound(f"There is no ruling {pk} here, or it is not open to you.")
    return found


def of_ruling(user: object, row: Ruling) -> Q:
    findings = Finding.objects.visible_to(user).filter(Q(ruling=row) | Q(retraction=row))
    return itself(row) | of(findings, Decision.objects.filter(ruling=row))


def of_patient(user: object, row: Patient) -> Q:
    """Two blind readers may describe one patient: as long as one of them reads, each is told of their own acts only."""
    merges = PatientMerge.objects.filter(Q(kept=row) | Q(gone=row), reading__in=Reading.objects.visible_to(user))
    same = SamePatient.objects.filter(pk__in=patients.links(user, [row.pk]))
    acts = itself(row) | of(row.reports.all(), merges)
    if not is_told_whole(user, row):
        acts &= Q(actor_id=user.pk if isinstance(user, User) else None)
    return acts | of(same, Finding.objects.visible_to(user).filter(patient=row))


def is_told_whole(user: object, row: Patient) -> bool:
    """Where the person may see every reading that describes the patient; or something is published, and they read no more."""
    read = Reading.objects.filter(described__patient=row)
    if not read.exclude(pk__in=Reading.objects.visible_to(user)).exists():
        return True
    reads = isinstance(user, User) and read.open().filter(curator=user).exists()
    return not reads and Finding.objects.filter(patient=row).exists()


def of_reading(user: object, row: Reading) -> Q:
    """With its patients, notes and annotations, those that are gone as well."""
    own = where([ANNOTATION], "reading_id", row.pk) | where(READING_PARTS, "reading_id", row.pk)
    return itself(row) | own | of(rulings(user).filter(reading=row))


def a_finding(user: object, pk: int) -> Finding:
    rows = Finding.objects.visible_to(user).select_related("feature", "patient", "project")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no finding {pk} here, or it is not open to you.")
    return found


def of_finding(user: object, row: Finding) -> Q:
    """With the other answers for its place, and the proposals and flags that the person may see."""
    place = {"patient": row.patient_id, "feature__slug": row.feature.slug, "instance": row.instance}
    same = Finding.objects.visible_to(user).filter(**place)
    keys = list(same.values_list("pk", flat=True))
    proposals = Proposal.objects.visible_to(user).filter(finding__in=keys)
    return of(same, proposals, Flag.objects.visible_to(user).filter(finding__in=keys))


def a_proposal(user: object, pk: int) -> Proposal:
    rows = Proposal.objects.visible_to(user).select_related("finding__feature", "project")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no proposal {pk} here, or it is not open to you.")
    return found


def of_proposal(user: object, row: Proposal) -> Q:
    outcome = Finding.objects.visible_to(user).filter(made_by_proposal=row)
    return itself(row) | of(row.quotes.all(), outcome)


def a_flag(user: object, pk: int) -> Flag:
    rows = Flag.objects.visible_to(user).select_related("finding__feature", "finding__patient", "project")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no flag {pk} here, or it is not open to you.")
    return found


def a_project(user: object, slug: str) -> Project:
    project = people.project(user, slug)
    require_belonging(user, project)
    return project


def of_project(user: object, row: Project) -> Q:
    return itself(row) | where([MEMBERSHIP], "project_id", row.pk)


def a_version(user: object, slug: str, number: str) -> CodebookVersion:
    return codebooks.version(slug, number)


def of_version(user: object, row: CodebookVersion) -> Q:
    return itself(row) | itself(row.codebook) | of(row.codebook.rules.all())


def of_cohort(user: object, row: Cohort) -> Q:
    """Whole for its owner; others are told nothing of the time when it was only the owner's."""
    if isinstance(user, User) and row.owner_id == user.pk:
        return itself(row)
    return itself(row) & Q(after__is_public=True) & (Q(before=None) | Q(before__is_public=True))


def a_batch(user: object, pk: int) -> Batch:
    return batches.batch(user, pk).batch


def of_batch(user: object, row: Batch) -> Q:
    return of(row.acts.all())


def _to(route: str) -> Callable[[Any], str]:
    return lambda row: reverse(route, args=[row.pk])


KINDS: Mapping[str, Kind] = {
    "screening": Kind(a_screening, of_screening, _to("web:screening-story"), lambda row: f"{row.article.title} ({row.project})"),
    "patient": Kind(patients.patient, of_patient, _to("web:patient")),
    "reading": Kind(annotation.reading_for, of_reading, _to("web:reading")),
    "finding": Kind(a_finding, of_finding, _to("web:finding"), lambda row: f"{row.feature}, {row.patient}"),
    "ruling": Kind(
        a_ruling,
        of_ruling,
        lambda row: reverse("web:article", args=[row.article_id]),
        lambda row: _("%(kind)s: %(article)s") % {"kind": row.get_kind_display(), "article": row.article.title},
    ),
    "proposal": Kind(a_proposal, of_proposal, _to("web:proposal")),
    "flag": Kind(a_flag, lambda user, row: itself(row), lambda row: reverse("web:finding", args=[row.finding_id])),
    "project": Kind(a_project, of_project, lambda row: reverse("web:project", args=[row.slug])),
    "codebook": Kind(a_version, of_version, lambda row: reverse("web:codebook", args=[row.codebook.slug, row.version])),
    "cohort": Kind(cohorts.cohort, of_cohort, _to("web:cohort-saved")),
    "batch": Kind(a_batch, of_batch, _to("web:import")),
}
