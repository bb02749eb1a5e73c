"""What moderators settle where two readings differ, as far as blindness allows; publish, publish what agrees, re-open."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from curation.adjudication import actions, queries
from curation.admin.acting import Act
from curation.admin.forms import Reason, Remark
from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.models import Adjudication, Decision, DecisionEvidence, Pairing, User


def publish(row: Adjudication, *, version: int | None, reason: str, by: User) -> object:
    whole = queries.whole_version(row, version)
    return actions.publish(project=row.project, article_id=row.article_id, version=whole, reason=reason, by=by)


def publish_agreed(row: Adjudication, *, version: int | None, reason: str, by: User) -> object:
    whole = queries.whole_version(row, version)
    return actions.publish_agreed(project=row.project, article_id=row.article_id, version=whole, reason=reason, by=by)


def reopen(row: Adjudication, *, version: int | None, reason: str, by: User) -> object:
    whole = queries.whole_version(row, version)
    return actions.reopen(project=row.project, article_id=row.article_id, version=whole, reason=reason, by=by)


@admin.register(Adjudication)
class Adjudications(Look):
    list_display = ("article", "project", "changed_at")
    list_filter = ("project",)
    list_select_related = ("article", "project")
    search_fields = ("article__title", "=article__pmid")
    acts = (
        Act("publish", _("Publish what is settled"), publish, Remark),
        Act("publish_agreed", _("Publish what agrees"), publish_agreed, Remark),
        Act("reopen", _("Take up again"), reopen, Reason),
    )

    def get_queryset(self, request: SignedIn) -> QuerySet[Adjudication]:
        return queries.open_to(request.user, super().get_queryset(request))


@admin.register(Pairing)
class Pairings(Look):
    list_display = ("patient", "other", "adjudication", "reason", "paired_by", "paired_at")
    list_select_related = ("patient", "other", "adjudication__article", "adjudication__project", "paired_by")
    search_fields = ("patient__label", "other__label", "reason")

    def get_queryset(self, request: SignedIn) -> QuerySet[Pairing]:
        return super().get_queryset(request).filter(adjudication__in=queries.open_to(request.user, Adjudication.objects.all()))


@admin.register(Decision)
class Decisions(Look):
    list_display = ("feature", "outcome", "status", "value", "patient", "reason", "decided_by", "decided_at", "ruling")
    list_filter = ("outcome",)
    list_select_related = ("feature", "patient", "decided_by", "ruling__moderator")
    search_fields = ("feature__slug", "feature__label", "patient__label", "reason")

    def get_queryset(self, request: SignedIn) -> QuerySet[Decision]:
        return super().get_queryset(request).filter(adjudication__in=queries.open_to(request.user, Adjudication.objects.all()))


@admin.register(DecisionEvidence)
class DecisionEvidenceRows(Look):
    list_display = ("__str__", "kind", "section", "decision")
    list_filter = ("kind",)
    list_select_related = ("section__article", "figure", "decision__feature")
    search_fields = ("exact", "decision__feature__slug")

    def get_queryset(self, request: SignedIn) -> QuerySet[DecisionEvidence]:
        open_to = queries.open_to(request.user, Adjudication.objects.all())
        return super().get_queryset(request).filter(decision__adjudication__in=open_to)
