"""Imports as people see them: what they hold, how far they came, why something failed."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from curation.articles import ledger, spreadsheet
from curation.choices import ITEM_OPEN, ITEM_RETRYABLE, BatchState, ItemState
from curation.errors import NotFound
from curation.models import Batch, BatchItem, Project, User
from curation.models.imports import BatchQuerySet
from curation.permissions import is_member

JUST_OPENED = timedelta(seconds=10)
MOST_SHOWN = 20_000  # bytes of a refused record
WANTS_A_PERSON = (ItemState.QUARANTINED, ItemState.FAILED)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """``text`` is what was refused, as far as it is shown."""

    item: BatchItem
    text: str
    is_whole: bool
    may_decide: bool


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
    def adds_up(self) -> bool:
        """Whether every record that was seen is in one of the states."""
        return self.batch.seen is None or sum(count for _, count in self.counts) == self.batch.seen

    @property
    def is_listing(self) -> bool:
        """Whether it is not known yet which records a query means."""
        return self.batch.seen is None

    @property
    def is_moving(self) -> bool:
        return self.batch.state in (BatchState.WAITING, BatchState.RUNNING)

    @property
    def look_again_ms(self) -> int:
        """Milliseconds after which its page looks again: soon while somebody has just pressed the button."""
        return 250 if timezone.now() - self.batch.created_at < JUST_OPENED else 1500


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


def sole_article(shown: BatchPage) -> int | None:
    """The article that an import of a single record brought or found here, once it is done."""
    if shown.batch.seen != 1 or shown.is_moving:
        return None
    return BatchItem.objects.filter(batch=shown.batch).values_list("article_id", flat=True).first()


def _may_steer(user: object, batch: Batch) -> bool:
    return bool(getattr(user, "is_administrator", False) or (batch.project and is_member(user, batch.project)))


def items(batch: Batch, state: str = "") -> QuerySet[BatchItem]:
    """The batch's records in their order, of one state where it is named; without the refused bytes."""
    rows = BatchItem.objects.filter(batch=batch).select_related("article").defer("raw")
    return rows.filter(state=state) if state else rows


def troubled(batch: Batch) -> QuerySet[BatchItem]:
    return items(batch).filter(state__in=ITEM_RETRYABLE)


def quarantine(user: object, project: str = "") -> QuerySet[BatchItem]:
    """What was refused or failed and waits for a person, of every import open to them, the latest first."""
    rows = BatchItem.objects.filter(batch__in=Batch.objects.visible_to(user), state__in=WANTS_A_PERSON, due_at=None)
    rows = rows.filter(batch__project__slug=project) if project else rows
    return rows.select_related("batch__project").defer("raw").order_by("-pk")


def item(user: object, pk: int) -> ItemPage:
    """One record of an import with what was refused of it. Raises NotFound."""
    rows = BatchItem.objects.filter(batch__in=Batch.objects.visible_to(user)).select_related("batch__project", "article")
    if (found := rows.filter(pk=pk).first()) is None:
        raise NotFound(f"There is no record {pk} of an import here, or it is not open to you.")
    text, is_whole = _shown(bytes(found.raw)) if found.raw else ("", True)
    may = found.state in ITEM_RETRYABLE and found.batch.state != BatchState.STOPPED and _may_steer(user, found.batch)
    return ItemPage(found, text, is_whole, may_decide=may)


def _shown(packed: bytes) -> tuple[str, bool]:
    """The beginning of the refused bytes as text in which nothing is hidden, and whether that is all."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(packed, MOST_SHOWN).decode("utf-8", "backslashreplace")
    seen = (char if char.isprintable() or char in "\n\t" else f"\\x{ord(char):02x}" for char in text)
    return "".join(seen), not (unpacking.unconsumed_tail or not unpacking.eof)


def accounting(batch: Batch) -> Iterator[str]:
    """Every record's fate as lines of CSV."""
    yield spreadsheet.line(("position", "identifier", "pmid", "state", "reason", "offset", "attempts", "article", "title"))
    rows = BatchItem.objects.filter(batch=batch).order_by("position")
    columns = ("position", "identifier", "pmid", "state", "reason", "offset", "attempts", "article", "article__title")
    yield from (spreadsheet.line(row) for row in rows.values_list(*columns).iterator(chunk_size=1000))


def projects_open_to(user: User) -> QuerySet[Project]:
    """Projects the person may import into."""
    return Project.objects.visible_to(user) if user.is_administrator else Project.objects.of_member(user)
