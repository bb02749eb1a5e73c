"""The rows of an import: claimed, ended, counted. All that must not be lost about an import stands in them.

A claim raises ``attempts`` before the work begins. Items that come back from a worker that died have attempts behind them
and no due time: they are claimed one by one, so that the one that kills its worker is found and its neighbours are not blamed.
"""

import zlib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from curation.choices import BatchKind, BatchState, ItemState
from curation.models import Batch, BatchItem

MOST_ATTEMPTS = 3
KILLED = f"The worker ended {MOST_ATTEMPTS} times while it worked on this record. Look at the record, then retry or dismiss it."
#: A failure of the source is tried again by itself after this long, then after four times as long, then left to a person.
PAUSE = timedelta(minutes=1)
#: Nobody needs longer to find out which records a query means; who began earlier is dead.
LISTING = timedelta(minutes=5)
KILLED_LISTING = f"The worker ended {MOST_ATTEMPTS} times while it asked PubMed for this query. Resume it to try again."

END = """
UPDATE curation_batchitem i SET state = e.state, reason = e.reason, article_id = e.article, raw = e.raw, due_at = NULL,
    pmid = coalesce(i.pmid, e.pmid), changed_at = now()
FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::bigint[], %s::bytea[], %s::bigint[])
    AS e(id, attempts, state, reason, article, raw, pmid)
WHERE i.id = e.id AND i.attempts = e.attempts AND i.state = 'running'
"""


class End(NamedTuple):
    """What became of a claimed item. ``raw`` keeps the bytes of what was refused, to be looked at."""

    item: BatchItem
    state: ItemState
    reason: str = ""
    article_id: int | None = None
    raw: bytes | None = None
    pmid: int | None = None


@transaction.atomic
def claim(batch: Batch, *, most: int, places: Sequence[int] = ()) -> list[BatchItem]:
    """Take up to ``most`` waiting items for this worker (only those at ``places``, where given); empty when none is left."""
    if not _still_running(batch):
        return []
    waiting = BatchItem.objects.select_for_update(skip_locked=True).filter(batch=batch, state=ItemState.WAITING)
    waiting = waiting.filter(Q(due_at=None) | Q(due_at__lte=timezone.now())).order_by("position")
    if places:
        waiting = waiting.filter(position__gte=min(places), position__lte=max(places))
    _quarantine_killers(waiting)
    items = list(waiting.filter(Q(attempts=0) | Q(due_at__isnull=False))[:most]) or list(waiting[:1])
    now = timezone.now()
    BatchItem.objects.filter(pk__in=[i.pk for i in items]).update(
        state=ItemState.RUNNING, attempts=F("attempts") + 1, due_at=None, changed_at=now
    )
    for item in items:
        item.attempts += 1
    return items


def _still_running(batch: Batch) -> bool:
    """Somebody may have pressed stop. Deleted batches do not run either."""
    batch.refresh_from_db(fields=["state"])
    return batch.state == BatchState.RUNNING


def _quarantine_killers(waiting: QuerySet[BatchItem]) -> None:
    killers = [i.pk for i in waiting.filter(attempts__gte=MOST_ATTEMPTS, due_at=None)]
    if killers:
        BatchItem.objects.filter(pk__in=killers).update(state=ItemState.QUARANTINED, reason=KILLED, changed_at=timezone.now())


def end(ends: Iterable[End]) -> None:
    """Write the end of each item, unless it was meanwhile given to another worker."""
    rows = [
        (e.item.pk, e.item.attempts, str(e.state), e.reason, e.article_id, zlib.compress(e.raw) if e.raw else None, e.pmid)
        for e in ends
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(END, [list(column) for column in zip(*rows, strict=True)])


def wait_for_no_disk() -> None:
    """Let this transaction return before it is on disk. See docs/decisions/0011: what a crash of the database takes away is done
    again, because the items' ends go with it; and an import that is said to be done waits for all of it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def postpone(batch: Batch, items: Sequence[BatchItem], reason: str) -> None:
    """The source does not answer: these items and those still waiting failed for now, and are tried again when due."""
    open_items = Q(pk__in=[i.pk for i in items], state=ItemState.RUNNING) | Q(state=ItemState.WAITING)
    BatchItem.objects.filter(batch=batch, state=ItemState.WAITING).update(attempts=F("attempts") + 1)
    failed = BatchItem.objects.filter(open_items, batch=batch)
    now = timezone.now()
    for attempts in range(1, MOST_ATTEMPTS + 1):
        due = now + PAUSE * 4 ** (attempts - 1) if attempts < MOST_ATTEMPTS else None
        failed.filter(attempts=attempts).update(state=ItemState.FAILED, reason=reason, due_at=due, changed_at=now)
    failed.update(state=ItemState.FAILED, reason=reason, due_at=None, changed_at=now)


def postpone_alone(item: BatchItem, reason: str) -> None:
    """The source answers, but not wholly for this item: it is tried again when due, and its neighbours go on."""
    due = timezone.now() + PAUSE * 4 ** (item.attempts - 1) if item.attempts < MOST_ATTEMPTS else None
    mine = BatchItem.objects.filter(pk=item.pk, attempts=item.attempts, state=ItemState.RUNNING)
    mine.update(state=ItemState.FAILED, reason=reason, due_at=due, changed_at=timezone.now())


def name(items: Sequence[BatchItem]) -> None:
    """Keep the PMIDs that were found for PMCIDs and DOIs."""
    BatchItem.objects.bulk_update(items, ["pmid"])


def begin_listing(batch: Batch) -> bool:
    """Take it on to find out which records a query means: one worker at a time, at most three tries until somebody looks."""
    now = timezone.now()
    mine = Batch.objects.filter(pk=batch.pk, state=BatchState.RUNNING, seen=None).filter(Q(due_at=None) | Q(due_at__lte=now))
    if mine.filter(attempts__gte=MOST_ATTEMPTS).exists():
        stop(batch, batch.trouble or KILLED_LISTING)
        return False
    if not mine.update(attempts=F("attempts") + 1, due_at=now + LISTING):
        return False
    batch.refresh_from_db()
    return True


def put_off_listing(batch: Batch, reason: str) -> None:
    """Try again when due; stopped until somebody resumes it, where that was the last try."""
    if batch.attempts >= MOST_ATTEMPTS:
        stop(batch, reason)
        return
    due = timezone.now() + PAUSE * 4 ** (batch.attempts - 1)
    Batch.objects.filter(pk=batch.pk, seen=None).update(due_at=due, trouble=reason)


def listed(batch: Batch, *, seen: int, trouble: str) -> bool:
    """Say how many records the query means; False where another worker has said it already."""
    said = Batch.objects.filter(pk=batch.pk, seen=None).update(seen=seen, due_at=None, attempts=0, trouble=trouble)
    batch.refresh_from_db()
    return bool(said)


def stop(batch: Batch, trouble: str) -> None:
    """It cannot go on by itself: a person reads why, and resumes it or not."""
    rows = Batch.objects.filter(pk=batch.pk, state=BatchState.RUNNING)
    rows.update(state=BatchState.STOPPED, trouble=trouble, due_at=None)


def give_up(batch: Batch, reason: str) -> None:
    """Nothing more can be done for what is still open: it failed, and a person has to decide."""
    BatchItem.objects.filter(batch=batch).open().update(
        state=ItemState.FAILED, reason=reason, due_at=None, changed_at=timezone.now()
    )


def release(*, older_than: timedelta) -> int:
    """Give back what was claimed longer ago: its worker is dead. Returns how many items wait again."""
    dead = BatchItem.objects.filter(state=ItemState.RUNNING, changed_at__lte=timezone.now() - older_than)
    return dead.update(state=ItemState.WAITING, due_at=None, changed_at=timezone.now())


def counts(batch: Batch) -> dict[str, int]:
    """How many items are in each state that occurs."""
    rows = BatchItem.objects.filter(batch=batch).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(rows)


def has_more(batch: Batch) -> bool:
    """Whether something of a running batch could be done at once."""
    waiting = BatchItem.objects.filter(batch=batch, batch__state=BatchState.RUNNING, state=ItemState.WAITING)
    return waiting.filter(Q(due_at=None) | Q(due_at__lte=timezone.now())).exists()


def arrived(batch: Batch) -> list[int]:
    """Ids of the articles that the batch brought or found here, without those PubMed deleted."""
    rows = BatchItem.objects.filter(batch=batch, article__is_deleted_at_source=False).order_by("position")
    return list(rows.values_list("article_id", flat=True))


def rewritten(batch: Batch) -> list[int]:
    """Ids of the articles whose texts the batch changed; the first full text may bring other captions than were here."""
    states = [ItemState.UPDATED, ItemState.WITHHELD, *([ItemState.NEW] if batch.kind == BatchKind.FULL_TEXT else [])]
    changed = BatchItem.objects.filter(batch=batch, state__in=states, article__isnull=False)
    return list(changed.order_by("position").values_list("article_id", flat=True))


def start(batch_id: int) -> None:
    """A waiting batch runs from now on; one that was stopped or is done does not."""
    now = timezone.now()
    Batch.objects.filter(pk=batch_id, state=BatchState.WAITING).update(state=BatchState.RUNNING, started_at=now)


def finish(batch: Batch, *, trouble: str) -> None:
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.DONE, finished_at=timezone.now(), trouble=trouble or batch.trouble)


def note(batch: Batch, trouble: str) -> None:
    """Keep what went wrong with the batch as a whole, for its page."""
    Batch.objects.filter(pk=batch.pk).update(trouble=trouble)


def reopen_due() -> None:
    """Let items that failed for a passing reason wait again once their time has come, and their batches run."""
    now = timezone.now()
    due = BatchItem.objects.filter(state=ItemState.FAILED, due_at__lte=now).exclude(batch__state=BatchState.STOPPED)
    batches = set(due.values_list("batch_id", flat=True))
    due.filter(batch_id__in=batches).update(state=ItemState.WAITING, changed_at=now)
    Batch.objects.filter(pk__in=batches, state=BatchState.DONE).update(state=BatchState.RUNNING, finished_at=None)


def forgotten() -> list[int]:
    """Unfinished batches that nobody works on: their bell was lost, or their worker is gone."""
    busy = BatchItem.objects.filter(batch=OuterRef("pk"), state=ItemState.RUNNING)
    later = Q(seen=None, due_at__gt=timezone.now())
    return list(Batch.objects.unfinished().filter(~Exists(busy)).exclude(later).order_by("pk").values_list("pk", flat=True))
