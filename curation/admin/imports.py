"""Imports and their items; what failed is tried again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from curation import tasks
from curation.admin.acting import Act
from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.articles import actions as imports
from curation.models import Batch, BatchAct, BatchItem, Linking, StandingSearch, User


def retry(row: Batch, *, version: int | None, by: User) -> None:
    imports.retry_items(batch_id=row.pk, by=by)
    tasks.start_batch(row)


def retry_one(row: BatchItem, *, version: int | None, by: User) -> None:
    imports.retry_items(batch_id=row.batch_id, item_ids=[row.pk], by=by)
    tasks.start_batch(row.batch)


@admin.register(Batch)
class Batches(Look):
    list_display = ("title", "project", "kind", "state", "seen", "opened_by", "created_at")
    list_filter = ("state", "kind", "project")
    list_select_related = ("project", "opened_by")
    search_fields = ("title", "file_name")
    acts = (Act("retry", _("Try again what failed"), retry),)

    def get_queryset(self, request: SignedIn) -> QuerySet[Batch]:
        return super().get_queryset(request).filter(pk__in=Batch.objects.visible_to(request.user))


@admin.register(BatchAct)
class BatchActs(Look):
    list_display = ("__str__",)
    list_select_related = ("batch",)

    def get_queryset(self, request: SignedIn) -> QuerySet[BatchAct]:
        return super().get_queryset(request).filter(batch__in=Batch.objects.visible_to(request.user))


@admin.register(BatchItem)
class BatchItems(Look):
    list_display = ("batch", "position", "identifier", "pmid", "state", "attempts", "reason")
    list_filter = ("state",)
    list_select_related = ("batch",)
    search_fields = ("=identifier", "=pmid")
    acts = (Act("retry", _("Try again"), retry_one),)

    def get_queryset(self, request: SignedIn) -> QuerySet[BatchItem]:
        return super().get_queryset(request).filter(batch__in=Batch.objects.visible_to(request.user))


@admin.register(StandingSearch)
class StandingSearches(Look):
    to_project = "project"
    list_display = ("title", "project", "every_days", "watermark", "due_at", "owner", "trouble")
    list_filter = ("every_days", "project")
    list_select_related = ("project", "owner")
    search_fields = ("title", "query")


@admin.register(Linking)
class Linkings(Look):
    administrators_only = True
    list_display = ("article", "state", "attempts", "due_at", "fetched_at", "reason")
    list_filter = ("state",)
    list_select_related = ("article",)
