"""Readings and what they say, as far as blindness allows; publish and send back."""

from datetime import date

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from curation.admin.acting import Act
from curation.admin.forms import Due, Note, Reason, Remark
from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.models import Annotation, Evidence, Judged, PatientMerge, Project, Reading, ReadingNote, ReadingPatient, User
from curation.review import actions as review


def publish(row: Reading, *, version: int | None, reason: str, by: User) -> object:
    return review.publish(reading_id=row.pk, version=version, reason=reason, by=by)


def send_back(row: Reading, *, version: int | None, note: str, by: User) -> object:
    return review.send_back(reading_id=row.pk, version=version, note=note, by=by)


def set_due(row: Reading, *, version: int | None, due_on: date | None, by: User) -> object:
    return assignment.set_due(reading_id=row.pk, version=version, due_on=due_on, by=by)


def unassign(row: Reading, *, version: int | None, reason: str, by: User) -> object:
    return assignment.unassign(reading_id=row.pk, version=version, reason=reason, by=by)


def readings_open_to(user: User) -> QuerySet[Reading]:
    """What the person may see anyway; an administrator also the readings of projects they have no part in."""
    open_to_all = Reading.objects.visible_to(user)
    if not user.is_administrator:
        return open_to_all
    return Reading.objects.filter(Q(pk__in=open_to_all) | ~Q(project__in=Project.objects.of_member(user)))


@admin.register(Reading)
class Readings(Look):
    list_display = ("article", "project", "curator", "state", "due_on", "submitted_at", "changed_at")
    list_filter = ("state", "project")
    list_select_related = ("article", "project", "curator")
    search_fields = ("article__title", "=article__pmid", "curator__username")
    acts = (
        Act("publish", _("Publish"), publish, Remark),
        Act("send_back", _("Send back"), send_back, Note),
        Act("set_due", _("Set the day by which it is due"), set_due, Due),
        Act("unassign", _("Take back what is not begun"), unassign, Reason),
    )

    def get_queryset(self, request: SignedIn) -> QuerySet[Reading]:
        """With those that the person gives out and takes back, of which nothing that was recorded is shown here."""
        user = request.user
        steered = queries.assigned(user).order_by()
        return super().get_queryset(request).filter(Q(pk__in=readings_open_to(user)) | Q(pk__in=steered.values("pk")))


@admin.register(ReadingNote)
class ReadingNotes(Look):
    list_display = ("reading", "feature", "text", "answer", "author", "created_at", "resolved_at")
    list_select_related = ("reading__article", "reading__curator", "feature", "author")
    search_fields = ("text", "answer", "=reading__article__pmid")

    def get_queryset(self, request: SignedIn) -> QuerySet[ReadingNote]:
        return super().get_queryset(request).filter(reading__in=readings_open_to(request.user))


@admin.register(ReadingPatient)
class ReadingPatients(Look):
    called = _("Patients of readings")
    list_display = ("reading", "patient")
    list_select_related = ("reading__article", "reading__curator", "patient")

    def get_queryset(self, request: SignedIn) -> QuerySet[ReadingPatient]:
        return super().get_queryset(request).filter(reading__in=readings_open_to(request.user))


@admin.register(PatientMerge)
class PatientMerges(Look):
    called = _("Patients found to be one")
    list_display = ("gone", "kept", "reading", "merged_by", "merged_at", "undone_at")
    list_select_related = ("gone", "kept", "reading__article", "reading__curator", "merged_by")

    def get_queryset(self, request: SignedIn) -> QuerySet[PatientMerge]:
        return super().get_queryset(request).filter(reading__in=readings_open_to(request.user))


@admin.register(Annotation)
class Annotations(Look):
    called = _("Answers")
    list_display = ("feature", "status", "value", "patient", "reading")
    list_filter = ("status", "confidence")
    list_select_related = ("feature", "patient", "reading__article", "reading__curator")
    search_fields = ("feature__slug", "feature__label", "patient__label")

    def get_queryset(self, request: SignedIn) -> QuerySet[Annotation]:
        return super().get_queryset(request).filter(reading__in=readings_open_to(request.user))


@admin.register(Evidence)
class EvidenceRows(Look):
    called = _("Evidence of answers")
    list_display = ("__str__", "kind", "section", "annotation", "role", "depth", "contradicts")
    list_filter = ("kind", "role", "depth", "contradicts")
    list_select_related = ("section__article", "figure", "annotation__feature")
    search_fields = ("exact", "annotation__feature__slug")

    def get_queryset(self, request: SignedIn) -> QuerySet[Evidence]:
        return super().get_queryset(request).filter(annotation__reading__in=readings_open_to(request.user))


@admin.register(Judged)
class JudgedSuggestions(Look):
    list_display = ("feature", "status", "value", "verdict", "rule", "patient", "reading")
    list_filter = ("verdict",)
    list_select_related = ("feature", "patient", "reading__article", "reading__curator")
    search_fields = ("rule", "feature__slug", "feature__label")

    def get_queryset(self, request: SignedIn) -> QuerySet[Judged]:
        return super().get_queryset(request).filter(reading__in=readings_open_to(request.user))
