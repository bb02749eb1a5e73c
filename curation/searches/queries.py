"""Standing searches as moderators see them, and those whose time has come."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from curation.choices import BatchState
from curation.errors import NotFound
from curation.models import Batch, BatchItem, Project, StandingSearch
from curation.permissions import require_belonging, require_moderator
from curation.searches import rules

RUNS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SearchPage:
    """``runs``: the last ones, each with how many records it found ``seen``, ``new`` and ``unaccounted``."""

    search: StandingSearch
    runs: Sequence[Batch]


def searches(user: object, project: Project) -> QuerySet[StandingSearch]:
    """The project's, with what the last run of each came to. For its moderators; an administrator may look on."""
    _require_open(user, project)
    rows = StandingSearch.objects.visible_to(user).filter(project=project).select_related("project", "owner")
    last = Batch.objects.filter(search=OuterRef("pk")).order_by("-pk")
    return rows.annotate(last_run=Subquery(last.values("pk")[:1]), last_run_at=Subquery(last.values("created_at")[:1]))


def _require_open(user: object, project: Project) -> None:
    if getattr(user, "is_administrator", False):
        require_belonging(user, project)
    else:
        require_moderator(user, project)


def search(user: object, pk: int) -> SearchPage:
    """Raises NotFound."""
    rows = StandingSearch.objects.visible_to(user).select_related("project", "owner")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no standing search {pk} here, or it is not open to you.")
    runs = found.runs.annotate(
        new=Count("items", filter=Q(items__state="new")),
        unaccounted=Count("items", filter=~Q(items__state__in=rules.ACCOUNTED) & Q(items__isnull=False)),
    )
    return SearchPage(found, list(runs.order_by("-pk")[:RUNS_SHOWN]))


def last_run(search: StandingSearch) -> Batch | None:
    return search.runs.order_by("-pk").first()


def is_accounted(run: Batch) -> bool:
    states = BatchItem.objects.filter(batch=run).order_by().values_list("state", flat=True).distinct()
    return rules.is_accounted(states, trouble=run.trouble)


def due() -> list[StandingSearch]:
    """Whose time has come and whose last run has ended."""
    busy = Batch.objects.filter(search__isnull=False, state__in=(BatchState.WAITING, BatchState.RUNNING)).values("search")
    return list(StandingSearch.objects.filter(due_at__lte=timezone.now()).exclude(pk__in=busy).select_related("owner"))


def unsettled() -> list[StandingSearch]:
    """Whose last run has ended on a later day than the watermark's: it may move now."""
    last = Batch.objects.filter(search=OuterRef("pk")).order_by("-pk")
    rows = StandingSearch.objects.annotate(
        state=Subquery(last.values("state")[:1]), day=Subquery(last.values("created_at__date")[:1])
    )
    return [s for s in rows.filter(state=BatchState.DONE).select_related("owner") if s.day > s.watermark]
