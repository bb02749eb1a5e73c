"""What people can do, each act in a few lines: ``test_machine`` tries them on anybody, in any order.

An act takes the site, whoever tries, and a number to choose by. It calls one action, or returns None where there is nothing
to try it on. A new act is one function with ``@act``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from curation.adjudication import actions as adjudication
from curation.adjudication import queries as adjudicated
from curation.adjudication.actions import Pair
from curation.annotation import actions as annotation
from curation.annotation.pool import actions as pool
from curation.assignment import actions as assignment
from curation.challenges import actions as challenges
from curation.choices import Outcome, Role, Status, Verdict
from curation.models import (
    Annotation,
    Finding,
    Flag,
    Membership,
    PatientMerge,
    Project,
    Proposal,
    Reading,
    ReadingPatient,
    SamePatient,
    Screening,
    User,
)
from curation.patients import actions as patients
from curation.people import actions as people
from curation.review import actions as review
from curation.screening import actions as screening
from curation.screening.actions import Decision

M = TypeVar("M", bound=Model)


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
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return rows.get(pk=keys[n % len(keys)]) if keys else None


def version(row: Any, n: int) -> int | None:
    """Mostly the row's own; sometimes a stale one, sometimes none."""
    return {5: row.version - 1, 11: None}.get(n % 17, row.version)


def reading_of(by: User, n: int) -> Reading | None:
    """Mostly one of the person's own, sometimes anybody's."""
    return one(Reading.objects.all() if n % 7 == 3 else Reading.objects.filter(curator=by), n)


# --- people -----------------------------------------------------------------------------------------------------------


@act
def give_role(site: Site, by: User, n: int) -> object:
    role = Role.MODERATOR if n % 3 == 0 else Role.CURATOR
    by = by if n % 4 == 0 else site.administrator
    return people.set_membership(project=site.project(n), user=site.person(n // 2), role=role, by=by)


@act
def leave(site: Site, by: User, n: int) -> object:
    member = one(Membership.objects.select_related("project", "user"), n)
    by = site.administrator if n % 6 == 0 else by
    return member and assignment.leave(project=member.project, user=member.user, by=by)


# --- screening --------------------------------------------------------------------------------------------------------


def screened(n: int) -> Screening | None:
    return one(Screening.objects.all(), n)


@act
def include(site: Site, by: User, n: int) -> object:
    row = screened(n)
    return row and screening.include(screening_id=row.pk, version=version(row, n), patients_described=1, by=by)


@act
def exclude(site: Site, by: User, n: int) -> object:
    row, reason = screened(n), "Not a case report" if n % 5 else "No reason of the project's"
    return row and screening.exclude(screening_id=row.pk, version=version(row, n), reason=reason, by=by)


@act
def set_aside(site: Site, by: User, n: int) -> object:
    row = screened(n)
    return row and screening.set_aside(screening_id=row.pk, version=version(row, n), by=by)


@act
def take_back(site: Site, by: User, n: int) -> object:
    row = screened(n)
    return row and screening.take_back(screening_id=row.pk, version=version(row, n), by=by)


@act
def settle(site: Site, by: User, n: int) -> object:
    row = screened(n)
    decision = Decision(Verdict.INCLUDED, patients_described=1)
    return row and screening.settle(screening_id=row.pk, version=version(row, n), decision=decision, by=by)


@act
def put_back(site: Site, by: User, n: int) -> object:
    row = screened(n)
    return row and screening.reopen(screening_id=row.pk, version=version(row, n), by=by)


# --- readings ---------------------------------------------------------------------------------------------------------


@act
def start(site: Site, by: User, n: int) -> object:
    row = screened(n)
    return row and annotation.start_reading(project=row.project, article=row.article, patients=["The man"], by=by)


@act
def take_next(site: Site, by: User, n: int) -> object:
    return assignment.take_next(project=site.project(n), by=by)


@act
def assign(site: Site, by: User, n: int) -> object:
    row = screened(n)
    return row and assignment.assign(project=row.project, article=row.article, reader=site.person(n // 3), by=by)


@act
def unassign(site: Site, by: User, n: int) -> object:
    row = one(Reading.objects.all(), n)
    return row and assignment.unassign(reading_id=row.pk, version=version(row, n), by=by)


@act
def release(site: Site, by: User, n: int) -> object:
    return pool.release_abandoned(at=timezone.now() + timedelta(days=400 if n % 3 == 0 else 0), by=site.administrator)


@act
def add_patient(site: Site, by: User, n: int) -> object:
    row = reading_of(by, n)
    return row and annotation.add_patient(reading_id=row.pk, label=f"The {'man' if n % 2 else 'woman'}", by=by)


@act
def merge(site: Site, by: User, n: int) -> object:
    row = reading_of(by, n)
    found = list(row.patients.order_by("pk")[:2]) if row else []
    if row is None or len(found) < 2:
        return None
    return patients.merge(reading_id=row.pk, kept_id=found[0].pk, gone_id=found[1].pk, choices={}, by=by)


@act
def unmerge(site: Site, by: User, n: int) -> object:
    row = one(PatientMerge.objects.all(), n)
    return row and patients.undo_merge(merge_id=row.pk, version=version(row, n), by=by)


@act
def answer(site: Site, by: User, n: int) -> object:
    row = reading_of(by, n)
    described = row and one(ReadingPatient.objects.filter(reading=row), n)
    return described and annotation.record(
        reading_id=described.reading_id,
        patient_id=described.patient_id,
        feature_slug="sex",
        status=Status.PRESENT,
        value="male" if n % 3 else "female",
        by=by,
    )


@act
def change(site: Site, by: User, n: int) -> object:
    rows = Annotation.objects.all() if n % 3 == 0 else Annotation.objects.filter(reading__curator=by)
    row = one(rows, n)
    value = "female" if n % 2 else "male"
    return row and annotation.change(annotation_id=row.pk, version=version(row, n), status=Status.PRESENT, value=value, by=by)


@act
def remove(site: Site, by: User, n: int) -> object:
    row = one(Annotation.objects.all(), n)
    return row and annotation.remove(annotation_id=row.pk, version=version(row, n), by=by)


@act
def submit(site: Site, by: User, n: int) -> object:
    row = reading_of(by, n)
    return row and annotation.submit(reading_id=row.pk, version=version(row, n), by=by)


# --- review -----------------------------------------------------------------------------------------------------------


@act
def publish(site: Site, by: User, n: int) -> object:
    row = one(Reading.objects.all(), n)
    return row and review.publish(reading_id=row.pk, version=version(row, n), by=by)


@act
def send_back(site: Site, by: User, n: int) -> object:
    row = one(Reading.objects.all(), n)
    return row and review.send_back(reading_id=row.pk, version=version(row, n), note="Look again.", by=by)


@act
def retract(site: Site, by: User, n: int) -> object:
    row = one(Finding.objects.all(), n)
    return row and review.retract(finding_id=row.pk, version=version(row, n), reason="A slip.", by=by)


def adjudicate(site: Site, by: User, n: int, verb: Callable[..., object], **more: Any) -> object:
    row = one(Screening.objects.filter(project=site.pair), n)
    if row is None:
        return None
    at = adjudicated.desk(by, row.project, row.article_id).version
    return verb(project=row.project, article_id=row.article_id, version=at, by=by, **more)


@act
def pair_patients(site: Site, by: User, n: int) -> object:
    row = one(Screening.objects.filter(project=site.pair), n)
    if row is None:
        return None
    desk = adjudicated.desk(by, row.project, row.article_id)
    pairs = [Pair(patient, other, "The same man.") for patient, other in desk.offered.items()]
    return adjudicate(site, by, n, adjudication.pair, pairs=pairs)


@act
def decide(site: Site, by: User, n: int) -> object:
    row = one(Screening.objects.filter(project=site.pair), n)
    if row is None:
        return None
    desk = adjudicated.desk(by, row.project, row.article_id)
    if not desk.points:
        return None
    place = desk.points[n % len(desk.points)].place
    followed = {"outcome": Outcome.FOLLOWED, "reading_id": desk.readings[n % len(desk.readings)].pk}
    chosen = followed if n % 3 else {"outcome": Outcome.NEITHER}
    return adjudicate(site, by, n, adjudication.decide, place=place, reason="So it says.", **chosen)


@act
def publish_agreed(site: Site, by: User, n: int) -> object:
    return adjudicate(site, by, n, adjudication.publish_agreed)


@act
def publish_adjudicated(site: Site, by: User, n: int) -> object:
    return adjudicate(site, by, n, adjudication.publish)


@act
def reopen(site: Site, by: User, n: int) -> object:
    return adjudicate(site, by, n, adjudication.reopen, reason="Something came up.")


# --- after publication ------------------------------------------------------------------------------------------------


@act
def propose(site: Site, by: User, n: int) -> object:
    row = one(Finding.objects.all(), n)
    new = f"Comment {n % 3}"
    return row and challenges.propose(finding_id=row.pk, field="comment", new=new, reason="It helps.", by=by)


@act
def withdraw(site: Site, by: User, n: int) -> object:
    row = one(Proposal.objects.all(), n)
    return row and challenges.withdraw(proposal_id=row.pk, version=version(row, n), by=by)


@act
def accept(site: Site, by: User, n: int) -> object:
    row = one(Proposal.objects.all(), n)
    return row and challenges.accept(proposal_id=row.pk, version=version(row, n), by=by)


@act
def reject(site: Site, by: User, n: int) -> object:
    row = one(Proposal.objects.all(), n)
    return row and challenges.reject(proposal_id=row.pk, version=version(row, n), reason="It does not.", by=by)


@act
def flag(site: Site, by: User, n: int) -> object:
    row = one(Finding.objects.all(), n)
    return row and challenges.flag(finding_id=row.pk, text="Look again.", by=by)


@act
def resolve(site: Site, by: User, n: int) -> object:
    row = one(Flag.objects.all(), n)
    return row and challenges.resolve(flag_id=row.pk, version=version(row, n), answer="It stands.", by=by)


@act
def say_same(site: Site, by: User, n: int) -> object:
    one_, other = one(Finding.objects.published(), n), one(Finding.objects.published(), n + 1)
    if one_ is None or other is None:
        return None
    return patients.mark_same(patient_id=one_.patient_id, other_id=other.patient_id, reason="Same figures.", by=by)


@act
def confirm_same(site: Site, by: User, n: int) -> object:
    row = one(SamePatient.objects.all(), n)
    return row and patients.confirm_same(link_id=row.pk, version=version(row, n), by=by)
