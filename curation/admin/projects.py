"""Projects, who belongs to them, and what they decided about articles."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from curation.admin.acting import Act, Making
from curation.admin.forms import Assignment, LaterVersion, NewProject, Patients, Reason, Remark, Settlement, Suggesting
from curation.admin.looking import Look
from curation.admin.queues import Differing
from curation.admin.requests import SignedIn
from curation.assignment import actions as assignment
from curation.models import Membership, Patient, PatientReport, Project, SamePatient, Screening, User, Vote
from curation.patients import actions as same
from curation.patients import queries as patients
from curation.people import actions as people
from curation.screening import actions as screening
from curation.screening.actions import Decision
from curation.suggestions import actions as suggestions
from curation.upgrades import actions as upgrades


def end(row: Membership, *, version: int | None, by: User) -> None:
    people.end_membership(project=row.project, user=row.user, by=by)


def set_suggestions(row: Project, *, version: int | None, mode: str, by: User) -> object:
    return suggestions.set_mode(project_id=row.pk, version=version, mode=mode, by=by)


def include(row: Screening, *, version: int | None, patients_described: int | None, by: User) -> object:
    return screening.include(screening_id=row.pk, version=version, patients_described=patients_described, by=by)


def exclude(row: Screening, *, version: int | None, reason: str, by: User) -> object:
    return screening.exclude(screening_id=row.pk, version=version, reason=reason, by=by)


def reopen(row: Screening, *, version: int | None, reason: str, by: User) -> object:
    return screening.reopen(screening_id=row.pk, version=version, reason=reason, by=by)


def settle(row: Screening, *, version: int | None, remark: str, by: User, **said: Any) -> object:
    return screening.settle(screening_id=row.pk, version=version, decision=Decision(**said), reason=remark, by=by)


def assign(row: Screening, *, version: int | None, reader: User, due_on: date | None, by: User) -> object:
    return assignment.assign(project=row.project, article=row.article, reader=reader, due_on=due_on, by=by)


def move(row: Project, *, version: int | None, to: str, by: User) -> object:
    return upgrades.move(project_id=row.pk, version=version, number=to.strip(), by=by)


@admin.register(Project)
class Projects(Making, Look):
    to_project = "pk"
    list_display = ("title", "slug", "codebook_version", "readers_required", "is_public", "suggestions")
    list_filter = ("is_public", "readers_required")
    list_select_related = ("codebook_version__codebook",)
    search_fields = ("title", "slug")
    making = NewProject
    acts = (
        Act("set_suggestions", _("Say when suggestions are shown"), set_suggestions, Suggesting),
        Act("move", _("Move to another codebook version"), move, LaterVersion),
    )

    def make(self, *, by: User, **data: Any) -> object:
        return people.create_project(by=by, **data)


@admin.register(Membership)
class Memberships(Look):
    to_project = "project"
    list_display = ("user", "role", "project")
    list_filter = ("role", "project")
    list_select_related = ("user", "project")
    search_fields = ("user__username", "user__name")
    acts = (Act("end", _("End the membership"), end),)


@admin.register(Screening)
class Screenings(Look):
    to_project = "project"
    list_display = ("article", "project", "state", "reason", "patients_described", "decided_by", "decided_at")
    list_filter = ("state", Differing, "project")
    list_select_related = ("article", "project", "decided_by")
    search_fields = ("article__title", "article__pmid")
    acts = (
        Act("include", _("Include"), include, Patients),
        Act("exclude", _("Exclude"), exclude, Reason),
        Act("settle", _("Settle where two screeners differ"), settle, Settlement),
        Act("reopen", _("Put back into the queue"), reopen, Remark),
        Act("assign", _("Give to a reader"), assign, Assignment),
    )


@admin.register(Vote)
class Votes(Look):
    """As far as the screeners' blindness allows."""

    list_display = ("screening", "screener", "verdict", "reason", "cast_at", "withdrawn_at")
    list_filter = ("verdict",)
    list_select_related = ("screening__project", "screening__article", "screener")
    search_fields = ("screening__article__title", "=screening__article__pmid", "screener__username")

    def get_queryset(self, request: SignedIn) -> QuerySet[Vote]:
        return super().get_queryset(request).filter(pk__in=Vote.objects.visible_to(request.user))


@admin.register(Patient)
class PatientRows(Look):
    to_project = "project"
    list_display = ("label", "project", "merged_into")
    list_filter = ("project",)
    list_select_related = ("project", "merged_into")
    search_fields = ("label",)


def confirm_same(row: SamePatient, *, version: int | None, reason: str, by: User) -> object:
    return same.confirm_same(link_id=row.pk, version=version, reason=reason, by=by)


def decline_same(row: SamePatient, *, version: int | None, reason: str, by: User) -> object:
    return same.decline_same(link_id=row.pk, version=version, reason=reason, by=by)


def undo_same(row: SamePatient, *, version: int | None, reason: str, by: User) -> object:
    return same.undo_same(link_id=row.pk, version=version, reason=reason, by=by)


@admin.register(SamePatient)
class SamePatients(Look):
    to_project = "project"
    list_display = ("patient", "other", "state", "proposed_by", "settled_by")
    list_filter = ("state", "project")
    list_select_related = ("patient", "other", "proposed_by", "settled_by")
    search_fields = ("patient__label", "other__label", "reason")
    acts = (
        Act("confirm", _("Confirm that it is the same patient"), confirm_same, Remark),
        Act("decline", _("Decline"), decline_same, Reason),
        Act("undo", _("Take back"), undo_same, Reason),
    )

    def get_queryset(self, request: SignedIn) -> QuerySet[SamePatient]:
        """As far as the person may know of both; an administrator of all."""
        rows = super().get_queryset(request)
        known = patients.known_to(request.user).values("pk")
        return rows if request.user.is_administrator else rows.filter(patient__in=known, other__in=known)


@admin.register(PatientReport)
class PatientReports(Look):
    to_project = "patient__project"
    list_display = ("patient", "article", "label_in_article")
    list_select_related = ("patient", "article")
    search_fields = ("label_in_article", "patient__label")
