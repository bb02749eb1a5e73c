"""Imports as people see them: what they hold, how far they came, why something failed."""

from dataclasses import dataclass

from django.db.models import QuerySet

from curation.articles import ledger
from curation.choices import ITEM_OPEN, ITEM_RETRYABLE, BatchState, ItemState
from curation.errors import NotFound
from curation.models import Batch, BatchItem, Project, User
from curation.models.imports import BatchQuerySet
from curation.permissions import is_member


@dataclass(frozen=True, slots=True)
class BatchPage:
    """A batch with its accounting: ``counts`` names each state that occurs, in the order of the states."""

    batch: Batch
    counts: list[tuple[ItemState, int]]
    may_steer: bool

    @property
    def seen(self) -> int:
        return self.batch.seen or 0

    @property
    def open(self) -> int:
        return sum(count for state, count in self.counts if state in ITEM_OPEN)

    @property
    def ended(self) -> int:
        return self.seen - self.open

    @property
    def retryable(self) -> int:
        return sum(count for state, count in self.counts if state in ITEM_RETRYABLE)

    @property
    def is_moving(self) -> bool:
        return self.batch.state in (BatchState.WAITING, BatchState.RUNNING)


def batches(user: object) -> BatchQuerySet:
    return Batch.objects.visible_to(user).select_related("project", "opened_by").distinct()


def batch(user: object, pk: int) -> BatchPage:
    """Raises NotFound."""
    found = batches(user).filter(pk=pk).first()
    if found is None:
        raise NotFound(f"There is no import {pk} here, or it is not open to you.")
    counted = ledger.counts(found)
    counts = [(state, counted[state]) for state in ItemState if state in counted]
    return BatchPage(found, counts, may_steer=_may_steer(user, found))


def _may_steer(user: object, batch: Batch) -> bool:
    return bool(getattr(user, "is_administrator", False) or (batch.project and is_member(user, batch.project)))


def items(batch: Batch, state: str = "") -> QuerySet[BatchItem]:
    """The batch's records in their order, of one state where it is named; without the refused bytes."""
    rows = BatchItem.objects.filter(batch=batch).select_related("article").defer("raw", "article__search")
    return rows.filter(state=state) if state else rows


def troubled(batch: Batch) -> QuerySet[BatchItem]:
    return items(batch).filter(state__in=ITEM_RETRYABLE)


def projects_open_to(user: User) -> QuerySet[Project]:
    """Projects the person may import into."""
    return Project.objects.visible_to(user) if user.is_administrator else Project.objects.of_member(user)
