"""Imports and their items; what failed is tried again."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from curation import tasks
from curation.admin.acting import Act
from curation.admin.forms import Reason, Remark
from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.articles import actions as imports
from curation.models import Batch, BatchAct, BatchItem, Linking, StandingSearch, User
from curation.searches import actions as searches


def retry(row: Batch, *, version: int | None, reason: str, by: User) -> None:
    imports.retry_items(batch_id=row.pk, reason=reason, by=by)
    tasks.start_batch(row)


def retry_one(row: BatchItem, *, version: int | None, reason: str, by: User) -> None:
    imports.retry_items(batch_id=row.batch_id, item_ids=[row.pk], reason=reason, by=by)
    tasks.start_batch(row.batch)


def stop(row: Batch, *, version: int | None, reason: str, by: User) -> None:
    imports.stop(batch_id=row.pk, reason=reason, by=by)


def resume(row: Batch, *, version: int | None, reason: str, by: User) -> None:
    tasks.start_batch(imports.resume(batch_id=row.pk, reason=reason, by=by))


def dismiss(row: BatchItem, *, version: int | None, reason: str, by: User) -> None:
    imports.dismiss_item(item_id=row.pk, reason=reason, by=by)


def run_search(row: StandingSearch, *, version: int | None, reason: str, by: User) -> None:
    tasks.start_batch(searches.run(search_id=row.pk, reason=reason, by=by))


def pause_search(row: StandingSearch, *, version: int | None, reason: str, by: User) -> None:
    searches.pause(search_id=row.pk, version=version, reason=reason, by=by)


def resume_search(row: StandingSearch, *, version: int | None, reason: str, by: User) -> None:
    searches.resume(search_id=row.pk, version=version, reason=reason, by=by)
    tasks.start_searches()


@admin.register(Batch)
class Batches(Look):
    called = _("Imports")
    list_display = ("title", "project", "kind", "state", "seen", "opened_by", "created_at")
    list_filter = ("state", "kind", "project")
    list_select_related = ("project", "opened_by")
    search_fields = ("title", "file_name")
    acts = (
        Act("retry", _("Try again what failed"), retry, Remark),
        Act("stop", _("Stop"), stop, Remark),
        Act("resume", _("Resume"), resume, Remark),
    )

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
    called = _("Records of imports")
    list_display = ("batch", "position", "identifier", "pmid", "state", "attempts", "reason")
    list_filter = ("state",)
    list_select_related = ("batch",)
    search_fields = ("=identifier", "=pmid")
    acts = (Act("retry", _("Try again"), retry_one, Remark), Act("dismiss", _("Dismiss"), dismiss, Reason))

    def get_queryset(self, request: SignedIn) -> QuerySet[BatchItem]:
        return super().get_queryset(request).filter(batch__in=Batch.objects.visible_to(request.user))


@admin.register(StandingSearch)
class StandingSearches(Look):
    to_project = "project"
    list_display = ("title", "project", "every_days", "watermark", "due_at", "owner", "trouble")
    list_filter = ("every_days", "project")
    list_select_related = ("project", "owner")
    search_fields = ("title", "query")
    acts = (
        Act("run", _("Run now"), run_search, Remark),
        Act("pause", _("Pause"), pause_search, Remark),
        Act("resume", _("Resume"), resume_search, Remark),
    )


@admin.register(Linking)
class Linkings(Look):
    called = _("Lookups of related articles")
    administrators_only = True
    list_display = ("article", "state", "attempts", "due_at", "fetched_at", "reason")
    list_filter = ("state",)
    list_select_related = ("article",)
