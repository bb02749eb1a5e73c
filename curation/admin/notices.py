"""Whom the site told of what, and by which e-mail; to look at, as far as blindness allows."""

from django.contrib import admin
from django.db.models import Q, QuerySet

from curation.admin.looking import Look
from curation.admin.readings import readings_open_to
from curation.admin.requests import SignedIn
from curation.models import CohortStanding, CohortWatch, Digest, MailChoice, Notification


@admin.register(Notification)
class Notifications(Look):
    administrators_only = True
    list_display = ("at", "receiver", "kind", "verb", "project", "read_at", "digest")
    list_filter = ("kind", "project")
    list_select_related = ("receiver", "project", "digest__receiver")
    search_fields = ("receiver__username", "verb")

    def get_queryset(self, request: SignedIn) -> QuerySet[Notification]:
        open_to_them = readings_open_to(request.user)
        about = Q(reading=None) | Q(reading__in=open_to_them)
        return super().get_queryset(request).filter(about, Q(note=None) | Q(note__reading__in=open_to_them))


@admin.register(MailChoice)
class MailChoices(Look):
    administrators_only = True
    list_display = ("user", "address", "every", "kinds", "changed_at")
    list_filter = ("every",)
    list_select_related = ("user",)
    search_fields = ("user__username", "address")


@admin.register(Digest)
class Digests(Look):
    administrators_only = True
    list_display = ("receiver", "period", "state", "attempts", "due_at", "sent_at", "trouble")
    list_filter = ("state",)
    list_select_related = ("receiver",)
    search_fields = ("receiver__username", "period", "trouble")


@admin.register(CohortWatch)
class CohortWatches(Look):
    administrators_only = True
    list_display = ("cohort", "user", "since")
    list_select_related = ("cohort", "user")


@admin.register(CohortStanding)
class CohortStandings(Look):
    administrators_only = True
    list_display = ("cohort", "looked_on")
    list_select_related = ("cohort",)
