"""What waits for whoever moderates: each queue is one of the lists with a filter, and counts what that list shows them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.contrib import admin
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from curation.adjudication import queries as adjudication
from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.choices import FlagState, ItemState, ProposalState, ReadingState, UnmovedState
from curation.models import BatchItem, Flag, Proposal, Reading, Screening, Unmoved, User


class Queue(NamedTuple):
    """``column`` has ``value`` in the rows that wait."""

    title: Any
    hint: Any
    table: type[Model]
    column: str
    value: str


class Counted(NamedTuple):
    title: Any
    hint: Any
    address: str
    number: int


def conflicting(user: User) -> list[int]:
    return [each.screening.pk for each in adjudication.conflicts(user)]


class Differing(admin.SimpleListFilter):
    """Articles whose readings are all handed in and do not say the same."""

    title = _("readings")
    parameter_name = "readings"

    def lookups(self, request: Any, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [("differ", _("All handed in, and they differ"))]

    def queryset(self, request: Any, queryset: QuerySet) -> QuerySet:
        return queryset.filter(pk__in=conflicting(request.user)) if self.value() == "differ" else queryset


class Shelf(NamedTuple):
    """Tables that belong together: (name, address) of each."""

    title: Any
    tables: Sequence[tuple[str, str]]


#: By the module in which they are registered.
SHELVES = {
    "readings": _("Readings"),
    "adjudications": _("Adjudication"),
    "findings": _("Findings and cohorts"),
    "challenges": _("Proposals, flags, re-evaluations"),
    "projects": _("Projects, screening, patients"),
    "people": _("People"),
    "articles": _("Articles"),
    "imports": _("Imports"),
    "codebooks": _("Codebooks and rules"),
    "upgrades": _("Moves to another codebook version"),
    "notices": _("Notices to people"),
    "trail": _("The audit trail"),
}

QUEUES: Sequence[Queue] = (
    Queue(_("Submitted readings"), _("Publish them, or send them back"), Reading, "state__exact", ReadingState.SUBMITTED),
    Queue(_("Conflicts"), _("Articles whose readers differ"), Screening, Differing.parameter_name, "differ"),
    Queue(_("Proposals"), _("Changes proposed to what is published"), Proposal, "state__exact", ProposalState.OPEN),
    Queue(_("Flags"), _("Somebody says that something is wrong"), Flag, "state__exact", FlagState.OPEN),
    Queue(_("Quarantine"), _("Records that could not be imported"), BatchItem, "state__exact", ItemState.QUARANTINED),
    Queue(_("Values to settle"), _("Left by a move to another codebook version"), Unmoved, "state__exact", UnmovedState.OPEN),
)


def shelves(site: AdminSite, request: SignedIn) -> list[Shelf]:
    """The tables open to the person."""
    by_module: dict[str, list[tuple[str, str]]] = {name: [] for name in SHELVES}
    for model, table in site._registry.items():
        if isinstance(table, Look) and table.has_view_permission(request):
            address = reverse(f"admin:curation_{model._meta.model_name}_changelist")
            by_module[type(table).__module__.rpartition(".")[2]].append((table.title, address))
    return [Shelf(SHELVES[name], sorted(tables)) for name, tables in by_module.items() if tables]


def counted(site: AdminSite, request: SignedIn) -> list[Counted]:
    return [_counted(site, request, queue) for queue in QUEUES]


def _counted(site: AdminSite, request: SignedIn, queue: Queue) -> Counted:
    rows = site._registry[queue.table].get_queryset(request)
    if queue.column == Differing.parameter_name:
        rows = rows.filter(pk__in=conflicting(request.user))
    else:
        rows = rows.filter(**{queue.column: queue.value})
    address = reverse(f"admin:curation_{queue.table._meta.model_name}_changelist")
    return Counted(queue.title, queue.hint, f"{address}?{queue.column}={queue.value}", rows.count())
