"""What people can do, each act in a few lines: ``test_machine`` tries them on anybody, in any order.

An act takes the site, whoever tries, and a number to choose by. It calls one action, or returns None where there is nothing
to try it on. Mostly it is aimed at something that it fits, by somebody who may, so that every act comes about; now and then at
anything, by whoever comes. A new act is one function with ``@act``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, QuerySet
from django.utils import timezone

from curation.adjudication import actions as adjudication
from curation.annotation import actions as annotation
from curation.annotation.pool import actions as pool
from curation.annotation.pool import queries as free
from curation.assignment import actions as assignment
from curation.assignment import drawing
from curation.choices import (
    MergePolicy,
    ReadingState,
    Role,
    ScreeningState,
    Status,
    Verdict,
)
from curation.models import (
    Annotation,
    Membership,
    PatientMerge,
    Project,
    Reading,
    ReadingPatient,
    Screening,
    Unmoved,
    User,
    Vote,
)
from curation.models.screening import conflicts_for
from curation.patients import actions as patients
from curation.people import actions as people
from curation.screening import actions as screening
from curation.upgrades import actions as upgrades

M = TypeVar("M", bound=Model)

#: What is asked of a patient, and how often which answer is given: readers agree mostly.
VALUES = {"sex": ("male", "male", "male", "female"), "side": ("left", "left", "left", "right", "both")}
STRAYS = 6  # one of so many tries aims at anything, and one of so many is by whoever comes


@dataclass(frozen=True)
class Site:
    """``solo`` wants one screener and one reader of each article, ``pair`` two of both."""

    people: list[User]
    administrator: User
    solo: Project
    pair: Project

    def project(self, n: int) -> Project:
        return Project.objects.get(pk=(self.solo, self.pair)[n % 2].pk)

    def person(self, n: int) -> User:
        return self.people[n % len(self.people)]


Act = Callable[[Site, User, int], object]
ACTS: dict[str, Act] = {}


def act(function: Act) -> Act:
    ACTS[function.__name__] = function
    return function


def one(rows: QuerySet[M], n: int) -> M | None:
    """The n-th, counted round."""
    found = list(rows.order_by("pk"))
    return found[n // STRAYS % len(found)] if found else None


def aimed(n: int, fitting: QuerySet[M]) -> M | None:
    """Mostly one of those that fit; else any row of the table."""
    found = one(fitting, n) if n % STRAYS != 1 else None
    return found or one(fitting.model._default_manager.all(), n)


def fit(by: User, n: int, *who: User) -> User:
    """Mostly one of those who may; else whoever comes."""
    return who[n // 7 % len(who)] if who and n // STRAYS % STRAYS != 1 else by


def deciders(project_id: int, article_id: int | None) -> list[User]:
    """Moderators who did not read the article."""
    moderators = User.objects.filter(memberships__project=project_id, memberships__role=Role.MODERATOR)
    return list(moderators.exclude(readings__project=project_id, readings__article=article_id).order_by("pk"))


def version(row: Any, n: int) -> int | None:
    """Mostly the row's own; sometimes a stale one, sometimes none."""
    return {5: row.version - 1, 11: None}.get(n % 23, row.version)


# --- people -----------------------------------------------------------------------------------------------------------


@act
def give_role(site: Site, by: User, n: int) -> object:
    role = Role.MODERATOR if n // 3 % 5 > 2 else Role.CURATOR
    user = site.person(n // 2)
    return people.set_membership(project=site.project(n), user=user, role=role, by=fit(by, n, site.administrator))


@act
def leave(site: Site, by: User, n: int) -> object:
    member = one(Membership.objects.select_related("project", "user"), n)
    return member and assignment.leave(project=member.project, user=member.user, by=site.administrator if n % 3 == 0 else by)


@act
def set_policy(site: Site, by: User, n: int) -> object:
    row, policy = site.project(n), MergePolicy.values[n // 2 % 2]
    by = fit(by, n, *deciders(row.pk, None))
    return adjudication.set_merge_policy(project_id=row.pk, version=version(row, n), policy=policy, by=by)


@act
def move_codebook(site: Site, by: User, n: int) -> object:
    row = site.project(n)
    if n % 5:  # else it comes too early to leave anything
        return None
    by = fit(by, n, *deciders(row.pk, None))
    return upgrades.move(project_id=row.pk, version=version(row, n), number="1.1.0", by=by)


@act
def dismiss(site: Site, by: User, n: int) -> object:
    row = aimed(n, Unmoved.objects.open())
    if row is None:
        return None
    reader = row.annotation and row.annotation.reading.curator
    by = fit(by, n, *([reader] if reader else deciders(row.upgrade.project_id, row.finding.ruling.article_id)))
    return upgrades.dismiss(unmoved_id=row.pk, version=version(row, n), reason="It says too little.", by=by)


# --- screening --------------------------------------------------------------------------------------------------------


def members(row: Screening) -> list[User]:
    return list(User.objects.filter(memberships__project=row.project_id).order_by("pk"))


def to_screen(n: int) -> Screening | None:
    return aimed(n, Screening.objects.filter(state=ScreeningState.TO_SCREEN))


@act
def include(site: Site, by: User, n: int) -> object:
    row = to_screen(n)
    if row is None:
        return None
    by = fit(by, n, *members(row))
    return screening.include(screening_id=row.pk, version=version(row, n), patients_described=1, by=by)


@act
def exclude(site: Site, by: User, n: int) -> object:
    row, reason = to_screen(n), "Not a case report" if n % 5 else "No reason of the project's"
    if row is None:
        return None
    return screening.exclude(screening_id=row.pk, version=version(row, n), reason=reason, by=fit(by, n, *members(row)))


@act
def set_aside(site: Site, by: User, n: int) -> object:
    row = to_screen(n)
    return row and screening.set_aside(screening_id=row.pk, version=version(row, n), by=fit(by, n, *members(row)))


@act
def take_back(site: Site, by: User, n: int) -> object:
    vote = aimed(n, Vote.objects.standing().select_related("screening", "screener"))
    if vote is None:
        return None
    row = vote.screening
    return screening.take_back(screening_id=row.pk, version=version(row, n), by=fit(by, n, vote.screener))


@act
def settle(site: Site, by: User, n: int) -> object:
    by = fit(by, n, *deciders(site.pair.pk, None))
    row, decision = aimed(n, conflicts_for(by)), screening.Decision(Verdict.INCLUDED, patients_described=1)
    return row and screening.settle(screening_id=row.pk, version=version(row, n), decision=decision, by=by)


@act
def put_back(site: Site, by: User, n: int) -> object:
    read = Reading.objects.filter(project=OuterRef("project"), article=OuterRef("article"))
    row = aimed(n, Screening.objects.exclude(state=ScreeningState.TO_SCREEN).exclude(Exists(read)))
    if row is None:
        return None
    return screening.reopen(screening_id=row.pk, version=version(row, n), by=fit(by, n, *deciders(row.project_id, None)))


# --- readings ---------------------------------------------------------------------------------------------------------


@act
def start(site: Site, by: User, n: int) -> object:
    row = aimed(n, free.startable(by))
    return row and annotation.start_reading(project=row.project, article=row.article, patients=["The man"], by=by)


@act
def take_next(site: Site, by: User, n: int) -> object:
    return assignment.take_next(project=site.project(n), by=by)


def wanted(project: Project) -> QuerySet[Screening]:
    return free.wanting_readers(Screening.objects.included().filter(project=project)).select_related("project", "article")


@act
def assign(site: Site, by: User, n: int) -> object:
    row = aimed(n, wanted(site.project(n)))
    if row is None:
        return None
    by = fit(by, n, *deciders(row.project_id, row.article_id))
    return assignment.assign(project=row.project, article=row.article, reader=site.person(n // 3), by=by)


@act
def draw(site: Site, by: User, n: int) -> object:
    project = site.project(n)
    by = fit(by, n, *deciders(project.pk, None))
    key = drawing.plan(site.administrator if n % 4 == 0 else by, project, 1).key
    return assignment.draw(project=project, number=1, key=key, by=by)


@act
def unassign(site: Site, by: User, n: int) -> object:
    row = aimed(n, Reading.objects.filter(state=ReadingState.ASSIGNED, annotations=None))
    if row is None:
        return None
    by = fit(by, n, *deciders(row.project_id, row.article_id))
    return assignment.unassign(reading_id=row.pk, version=version(row, n), by=by)


@act
def release(site: Site, by: User, n: int) -> object:
    days = 40 if n % 3 == 0 else 0
    return pool.release_abandoned(at=timezone.now() + timedelta(days=days), by=site.administrator)


def open_reading(n: int, **more: Any) -> Reading | None:
    return aimed(n, Reading.objects.open().filter(**more).select_related("curator"))


@act
def add_patient(site: Site, by: User, n: int) -> object:
    row = open_reading(n)
    label = f"The {'woman' if n % 3 else 'man'}"
    return row and annotation.add_patient(reading_id=row.pk, label=label, by=fit(by, n, row.curator))


@act
def remove_patient(site: Site, by: User, n: int) -> object:
    found = aimed(n, ReadingPatient.objects.filter(reading__in=Reading.objects.open(), patient__label="The woman"))
    if found is None:
        return None
    at, by = version(found.patient, n), fit(by, n, found.reading.curator)
    return annotation.remove_patient(reading_id=found.reading_id, patient_id=found.patient_id, version=at, by=by)


@act
def merge(site: Site, by: User, n: int) -> object:
    many = ReadingPatient.objects.order_by().values("reading").annotate(number=Count("pk")).filter(number__gt=1)
    row = open_reading(n, pk__in=many.values("reading"))
    found = list(row.patients.order_by("pk")[:2]) if row else []
    if row is None or len(found) < 2:
        return None
    choices = dict.fromkeys(VALUES, "kept") if n % 3 else {}
    by = fit(by, n, row.curator)
    return patients.merge(reading_id=row.pk, kept_id=found[0].pk, gone_id=found[1].pk, choices=choices, by=by)


@act
def unmerge(site: Site, by: User, n: int) -> object:
    rows = PatientMerge.objects.filter(undone_at=None, reading__in=Reading.objects.open(), merged_by=F("reading__curator"))
    row = aimed(n, rows.select_related("merged_by"))
    return row and patients.undo_merge(merge_id=row.pk, version=version(row, n), by=fit(by, n, row.merged_by))


@act
def answer(site: Site, by: User, n: int) -> object:
    """What lacks mostly."""
    rows = ReadingPatient.objects.filter(reading__in=Reading.objects.open()).annotate(number=Count("patient__annotations"))
    described = aimed(n, rows.filter(number__lt=len(VALUES)).select_related("reading__curator"))
    if described is None:
        return None
    said = set(described.reading.annotations.filter(patient=described.patient_id).values_list("feature__slug", flat=True))
    slug = [*sorted(VALUES.keys() - said), *sorted(VALUES)][0 if n % 5 else -1]
    return annotation.record(
        reading_id=described.reading_id,
        patient_id=described.patient_id,
        feature_slug=slug,
        status=Status.PRESENT,
        value=VALUES[slug][n // 4 % len(VALUES[slug])],
        by=fit(by, n, described.reading.curator),
    )


@act
def change(site: Site, by: User, n: int) -> object:
    row = aimed(n, Annotation.objects.filter(reading__in=Reading.objects.open()).select_related("feature", "reading__curator"))
    if row is None:
        return None
    value, by = VALUES[row.feature.slug][n // 4 % 4], fit(by, n, row.reading.curator)
    return annotation.change(annotation_id=row.pk, version=version(row, n), status=Status.PRESENT, value=value, by=by)


@act
def remove(site: Site, by: User, n: int) -> object:
    row = aimed(n, Annotation.objects.filter(reading__in=Reading.objects.open()).select_related("reading__curator"))
    return row and annotation.remove(annotation_id=row.pk, version=version(row, n), by=fit(by, n, row.reading.curator))


@act
def submit(site: Site, by: User, n: int) -> object:
    told = Annotation.objects.order_by().values("reading").annotate(number=Count("pk")).filter(number__gte=len(VALUES))
    row = open_reading(n, pk__in=told.values("reading"))
    return row and annotation.submit(reading_id=row.pk, version=version(row, n), by=fit(by, n, row.curator))
