"""What was decided and published; retract."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from curation.admin.acting import Act
from curation.admin.forms import Reason
from curation.admin.looking import Look
from curation.admin.readings import readings_open_to
from curation.admin.requests import SignedIn
from curation.models import Cohort, Finding, FindingSource, Ruling, User
from curation.review import actions as review


def retract(row: Finding, *, version: int | None, reason: str, by: User) -> object:
    return review.retract(finding_id=row.pk, version=version, reason=reason, by=by)


@admin.register(Ruling)
class Rulings(Look):
    to_project = "project"
    list_display = ("kind", "article", "moderator", "reason", "created_at")
    list_filter = ("kind", "project")
    list_select_related = ("article", "moderator")
    search_fields = ("=article__pmid", "reason")

    def get_queryset(self, request: SignedIn) -> QuerySet[Ruling]:
        """That a reading was sent back tells that it had been handed in."""
        return super().get_queryset(request).filter(Q(reading=None) | Q(reading__in=readings_open_to(request.user)))


@admin.register(Finding)
class Findings(Look):
    to_project = "project"
    list_display = ("feature", "status", "value", "patient", "state", "rule", "published_at")
    list_filter = ("state", "status", "project")
    list_select_related = ("feature", "patient", "rule")
    search_fields = ("feature__slug", "feature__label", "patient__label")
    acts = (Act("retract", _("Retract"), retract, Reason),)


@admin.register(FindingSource)
class FindingSources(Look):
    called = _("What findings were made from")
    to_project = "finding__project"
    list_display = ("finding", "annotation")
    list_select_related = ("finding__feature", "annotation__feature")


@admin.register(Cohort)
class Cohorts(Look):
    to_project = "project"
    list_display = ("__str__", "project")
    list_select_related = ("project",)
