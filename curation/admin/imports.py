"""Imports and their items."""

from django.contrib import admin
from django.db.models import QuerySet

from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.models import Batch, BatchItem


@admin.register(Batch)
class Batches(Look):
    list_display = ("title", "project", "kind", "state", "seen", "opened_by", "created_at")
    list_filter = ("state", "kind", "project")
    list_select_related = ("project", "opened_by")
    search_fields = ("title", "file_name")

    def get_queryset(self, request: SignedIn) -> QuerySet[Batch]:
        return super().get_queryset(request).filter(pk__in=Batch.objects.visible_to(request.user))


@admin.register(BatchItem)
class BatchItems(Look):
    list_display = ("batch", "position", "identifier", "pmid", "state", "attempts", "reason")
    list_filter = ("state",)
    list_select_related = ("batch",)
    search_fields = ("=identifier", "=pmid")

    def get_queryset(self, request: SignedIn) -> QuerySet[BatchItem]:
        return super().get_queryset(request).filter(batch__in=Batch.objects.visible_to(request.user))
