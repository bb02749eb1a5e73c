"""Projects, who belongs to them, and what they decided about articles."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from curation.adjudication import actions as adjudication
from curation.admin.acting import Act, Making
from curation.admin.forms import (
    Assignment,
    Drawing,
    LaterVersion,
    Merging,
    NewProject,
    Patients,
    Reason,
    Reevaluating,
    Remark,
    Settlement,
    Suggesting,
)
from curation.admin.looking import Look
from curation.admin.queues import Differing
from curation.admin.requests import SignedIn
from curation.assignment import actions as assignment
from curation.assignment import drawing
from curation.assignment import queries as assigned
from curation.challenges import actions as challenges
from curation.models import Membership, Patient, PatientReport, Project, SamePatient, Screening, User, Vote
from curation.patients import actions as same
from curation.patients import queries as patients
from curation.people import actions as people
from curation.screening import actions as screening
from curation.screening.actions import Decision
from curation.standing import queries as standing
from curation.standing.states import ArticleState
from curation.suggestions import actions as suggestions
from curation.upgrades import actions as upgrades


def end(row: Membership, *, version: int | None, key: str, reason: str, by: User) -> None:
    assignment.leave(project=row.project, user=row.user, reason=reason, by=by)


def set_suggestions(row: Project, *, version: int | None, mode: str, by: User) -> object:
    return suggestions.set_mode(project_id=row.pk, version=version, mode=mode, by=by)


def set_merge_policy(row: Project, *, version: int | None, policy: str, by: User) -> object:
    return adjudication.set_merge_policy(project_id=row.pk, version=version, policy=policy, by=by)


def include(row: Screening, *, version: int | None, patients_described: int | None, by: User) -> object:
    return screening.include(screening_id=row.pk, version=version, patients_described=patients_described, by=by)


def exclude(row: Screening, *, version: int | None, reason: str, by: User) -> object:
    return screening.exclude(screening_id=row.pk, version=version, reason=reason, by=by)


def reopen(row: Screening, *, version: int | None, reason: str, by: User) -> object:
    return screening.reopen(screening_id=row.pk, version=version, reason=reason, by=by)


def settle(row: Screening, *, version: int | None, remark: str, by: User, **said: Any) -> object:
    return screening.settle(screening_id=row.pk, version=version, decision=Decision(**said), reason=remark, by=by)


def draw(row: Project, *, version: int | None, articles: int, key: str, by: User) -> object:
    return assignment.draw(project=row, number=articles, key=key, by=by)


def look_at_draw(row: Project, *, by: User, articles: int) -> tuple[str, list[str]]:
    plan = drawing.plan(by, row, articles)
    shares = [f"{s.person}: {', '.join(map(str, s.articles)) or s.why} ({s.open_now} → {s.open_after})" for s in plan.shares]
    gaps = [f"{gap.article}: {gap.why}" for gap in plan.gaps]
    beside = _("Each of the %d articles that you read here yourself counts for one more open reading of everybody") % plan.beside
    return plan.key, [*shares, *gaps, *([str(beside)] if plan.beside and row.most_open else [])]


def look_at_leaving(row: Membership, *, by: User, reason: str) -> tuple[str, list[str]]:
    left = assigned.leaving(by, row.project, row.user)
    lines = [
        _("%d open readings go back to the pool, their drafts kept") % left.open,
        _("%d readings that were handed in are decided on like any others") % left.handed_in,
        _("%d votes on articles that are not decided stand") % left.votes,
        _("%d standing searches run on for another moderator") % left.searches,
    ]
    return "", [*lines, *filter(None, [left.stays])]


def assign(row: Screening, *, version: int | None, reader: User, due_on: date | None, by: User) -> object:
    return assignment.assign(project=row.project, article=row.article, reader=reader, due_on=due_on, by=by)


def reevaluate(row: Screening, *, version: int | None, outcome: str, reason: str, by: User) -> object:
    stands = outcome == Reevaluating.STANDS
    return challenges.reevaluate(project=row.project, article=row.article, stands=stands, reason=reason, by=by)


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
        Act("draw", _("Draw readers"), draw, Drawing, look_at_draw),
        Act("set_merge_policy", _("Say when readings that agree are published"), set_merge_policy, Merging),
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
    acts = (Act("end", _("End the membership"), end, Reason, look_at_leaving),)


class Standing(admin.SimpleListFilter):
    title = _("where it stands")
    parameter_name = "stands"

    def lookups(self, request: SignedIn, model_admin: object) -> list[tuple[str, Any]]:
        return list(ArticleState.choices)

    def queryset(self, request: SignedIn, queryset: QuerySet) -> QuerySet:
        return queryset.filter(stands=self.value()) if self.value() in ArticleState.values else queryset


@admin.register(Screening)
class Screenings(Look):
    called = _("Articles of projects")
    to_project = "project"
    list_display = ("article", "project", "stands", "reason", "patients_described", "decided_by", "decided_at")
    list_filter = (Standing, Differing, "project")
    list_select_related = ("article", "project", "decided_by")
    search_fields = ("article__title", "article__pmid")
    acts = (
        Act("include", _("Include"), include, Patients),
        Act("exclude", _("Exclude"), exclude, Reason),
        Act("settle", _("Settle where two screeners differ"), settle, Settlement),
        Act("reopen", _("Put back into the queue"), reopen, Remark),
        Act("assign", _("Give to a reader"), assign, Assignment),
        Act("reevaluate", _("Re-evaluate after a notice"), reevaluate, Reevaluating),
    )

    def get_queryset(self, request: SignedIn) -> QuerySet[Screening]:
        return standing.standing(request.user, super().get_queryset(request))

    @admin.display(description=_("Where it stands"))
    def stands(self, row: Screening) -> str:
        return str(ArticleState(row.stands).label)  # type: ignore[attr-defined]


@admin.register(Vote)
class Votes(Look):
    """As far as the screeners' blindness allows."""

    called = _("What screeners said")
    list_display = ("screening", "screener", "verdict", "reason", "cast_at", "withdrawn_at")
    list_filter = ("verdict",)
    list_select_related = ("screening__project", "screening__article", "screener")
    search_fields = ("screening__article__title", "=screening__article__pmid", "screener__username")

    def get_queryset(self, request: SignedIn) -> QuerySet[Vote]:
        return super().get_queryset(request).filter(pk__in=Vote.objects.visible_to(request.user))


def patients_open_to(user: User) -> QuerySet[Patient]:
    """Whom the person may know of; for an administrator also all of projects they have no part in."""
    known = patients.known_to(user)
    if not user.is_administrator:
        return known
    return Patient.objects.filter(Q(pk__in=known) | ~Q(project__in=Project.objects.of_member(user)))


@admin.register(Patient)
class PatientRows(Look):
    to_project = "project"
    list_display = ("label", "project", "merged_into")
    list_filter = ("project",)
    list_select_related = ("project", "merged_into")
    search_fields = ("label",)

    def get_queryset(self, request: SignedIn) -> QuerySet[Patient]:
        return super().get_queryset(request).filter(pk__in=patients_open_to(request.user))


def confirm_same(row: SamePatient, *, version: int | None, reason: str, by: User) -> object:
    return same.confirm_same(link_id=row.pk, version=version, reason=reason, by=by)


def decline_same(row: SamePatient, *, version: int | None, reason: str, by: User) -> object:
    return same.decline_same(link_id=row.pk, version=version, reason=reason, by=by)


def undo_same(row: SamePatient, *, version: int | None, reason: str, by: User) -> object:
    return same.undo_same(link_id=row.pk, version=version, reason=reason, by=by)


@admin.register(SamePatient)
class SamePatients(Look):
    called = _("The same patient in two articles")
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
    called = _("Which articles describe a patient")
    to_project = "patient__project"
    list_display = ("patient", "article", "label_in_article")
    list_select_related = ("patient", "article")
    search_fields = ("label_in_article", "patient__label")

    def get_queryset(self, request: SignedIn) -> QuerySet[PatientReport]:
        return super().get_queryset(request).filter(patient__in=patients_open_to(request.user))
