"""Work an import off: claim, fetch outside any transaction, cut, parse each record alone, store in short transactions.

Safe to run twice and at once: an item belongs to who claimed it, and what is stored and its item's end are one transaction.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import stamina
from django.conf import settings
from django.db import DataError, IntegrityError, OperationalError, transaction
from django.utils import timezone

from curation.articles import converting, cutting, full_text, ledger, listing, ncbi, parsing, precedence, reading, store, uploads
from curation.articles.cutting import Cut
from curation.articles.ledger import End
from curation.articles.precedence import Here, edition
from curation.articles.records import Deletion, Record
from curation.articles.store import Incoming
from curation.choices import ITEM_OPEN, BatchKind, BatchState, ItemState
from curation.errors import Refusal, SourceUnavailable
from curation.models import Batch, BatchItem

CHUNK = 500
IN_A_RING = {"40P01", "40001"}  # PostgreSQL's codes for deadlock and failed serialisation
NOT_ACCOUNTED = "The accounts of this import do not add up: {seen} records seen, {ended} ended. Please report this."

Claimed = tuple[BatchItem, Cut | None]  # None: the source has no such record


def run_batch(batch_id: int) -> Batch | None:
    """Do what can be done of a batch now; its items say how far it came. None where there is nothing to run."""
    batch = _started(batch_id)
    if batch is None:
        return None
    if batch.kind == BatchKind.FILE:
        _run_file(batch)
    elif batch.kind == BatchKind.FULL_TEXT:
        full_text.run(batch)
    elif batch.seen is not None or _list(batch):
        _run_ids(batch)
    return batch


def close(batch: Batch) -> bool:
    """Say that a batch is done when every item has its end, and check that none is missing. Whether it is done now."""
    with transaction.atomic():
        row = Batch.objects.select_for_update().filter(pk=batch.pk, state=BatchState.RUNNING).first()
        counted = ledger.counts(batch)
        if row is None or row.seen is None or any(counted.get(state) for state in ITEM_OPEN):
            return False
        if row.kind == BatchKind.FILE:
            precedence.settle_batch(row)
        ended = sum(counted.values())
        ledger.finish(row, trouble="" if ended == row.seen else NOT_ACCOUNTED.format(seen=row.seen, ended=ended))
    return True


def _started(batch_id: int) -> Batch | None:
    ledger.start(batch_id)
    return Batch.objects.filter(pk=batch_id, state=BatchState.RUNNING).first()


def _list(batch: Batch) -> bool:
    """Ask PubMed which records the query means and put them down; False where that has to wait."""
    if not ledger.begin_listing(batch):
        return False
    try:
        listed = listing.every(lambda days: ncbi.search(batch.query, window=_window(days)), today=timezone.localdate())
    except SourceUnavailable as trouble:
        ledger.put_off_listing(batch, trouble.detail)
        return False
    except Refusal as trouble:
        ledger.stop(batch, trouble.detail)
        return False
    if listed.trouble and batch.attempts < ledger.MOST_ATTEMPTS:  # the last time it is taken, and said what is missing
        ledger.put_off_listing(batch, listed.trouble)
        return False
    with transaction.atomic():
        if ledger.listed(batch, seen=len(listed.pmids), trouble=listed.trouble):
            store.copy_items((batch.pk, n, str(pmid), pmid, None) for n, pmid in enumerate(listed.pmids, 1))
    return True


def _window(days: listing.Days | None) -> ncbi.Window | None:
    return ncbi.Window(f"{days.first:%Y/%m/%d}", f"{days.last:%Y/%m/%d}") if days else None


def _run_ids(batch: Batch) -> None:
    while items := ledger.claim(batch, most=ncbi.IDS_A_REQUEST):
        try:
            items = _named(items)
            body = ncbi.fetch([i.pmid for i in items if i.pmid]) if items else b""
        except SourceUnavailable as trouble:
            ledger.postpone(batch, items, trouble.detail)
            return
        except Refusal as trouble:
            ledger.end(End(i, ItemState.FAILED, trouble.detail) for i in items)
            continue
        cuts = list(cutting.records([body]))
        found: dict[int | None, Cut] = {cut.pmid: cut for cut in cuts if cut.pmid}
        nameless = next((cut for cut in cuts if not cut.pmid), None)  # whose record this was cannot be told
        _settle(batch, [(i, found.get(i.pmid) or nameless) for i in items])


def _named(items: list[BatchItem]) -> list[BatchItem]:
    """Those whose PMID is known, after PMCIDs and DOIs were converted; the others came to their end."""
    unnamed = [i for i in items if not i.pmid]
    fates = converting.pmids_of(i.identifier for i in unnamed) if unnamed else {}
    for item in unnamed:
        fate = fates[item.identifier]
        item.pmid = fate if isinstance(fate, int) else None
    ledger.name([i for i in unnamed if i.pmid])
    ledger.end(End(i, ItemState.MISSING, str(fates[i.identifier])) for i in unnamed if not i.pmid)
    return [i for i in items if i.pmid]


def _run_file(batch: Batch) -> None:
    try:
        with (Path(settings.MEDIA_ROOT) / batch.file_path).open("rb") as stream:
            cuts = enumerate(reading.records(stream, uploads.noted(batch.file_path)), 1)
            while chunk := dict(islice(cuts, CHUNK)):
                while items := ledger.claim(batch, most=CHUNK, places=(min(chunk), max(chunk))):
                    _settle(batch, [(i, chunk[i.position]) for i in items])
                    if len(items) == len(chunk):
                        break
    except (OSError, Refusal) as trouble:
        reason = trouble.detail if isinstance(trouble, Refusal) else "The uploaded file is no longer there. Upload it again."
        ledger.give_up(batch, reason)


def _settle(batch: Batch, claimed: Sequence[Claimed]) -> None:
    """Bring each claimed item to its end."""
    kept = _already_here(claimed)
    ends, ready = list(kept), []
    done = {end.item.pk for end in kept}
    for item, cut in claimed:
        if item.pk in done:
            continue
        read = _read(item, cut)
        if isinstance(read, End):
            ends.append(read)
        else:
            ready.append((item, read))
    _store(batch, ready, ends)


def _already_here(claimed: Sequence[Claimed]) -> list[End]:
    """Records that came before as the very same bytes: known unparsed. A PMID that comes twice is left to the store."""
    named = [(item, cut, cut.pmid) for item, cut in claimed if cut]
    times = Counter(pmid for _, _, pmid in named)
    raw = {pmid: cut.body for _, cut, pmid in named if pmid and _is_record(cut) and times[pmid] == 1}
    here = store.unchanged(raw)
    return [
        End(item, ItemState.UNCHANGED, article_id=here[pmid], pmid=pmid)
        for item, _, pmid in named
        if pmid in raw and pmid in here
    ]


def _is_record(cut: Cut) -> bool:
    return cut.kind in ("PubmedArticle", "PubmedBookArticle")


def _source(cut: Cut) -> str:
    return "pubmed" if _is_record(cut) else cut.kind


def _read(item: BatchItem, cut: Cut | None) -> Incoming | Deletion | End:
    """The record, what is to be marked as deleted, or why there is neither."""
    if cut is None:
        return End(item, ItemState.MISSING, f"PubMed has no record {item.pmid}. Check the number; it may have been withdrawn.")
    try:
        return parsing.deletion(cut) if cut.kind == "DeleteCitation" else Incoming(parsing.parse(cut), cut.body, _source(cut))
    except Refusal as refusal:
        return End(item, ItemState.QUARANTINED, refusal.detail, raw=cut.body)


Ready = Sequence[tuple[BatchItem, Incoming | Deletion]]


def _store(batch: Batch, ready: Ready, ends: Sequence[End]) -> None:
    """Store all in one transaction; where the database refuses, each alone, so that one record stops only itself."""
    try:
        _store_together(batch, ready, ends)
    except (DataError, IntegrityError) as error:
        if len(ready) == 1:
            (item, read), reason = ready[0], str(error).partition("\n")[0]
            raw = read.raw if isinstance(read, Incoming) else None
            ledger.end([*ends, End(item, ItemState.QUARANTINED, f"The database refuses this record: {reason}", raw=raw)])
            return
        ledger.end(ends)
        for one in ready:
            _store(batch, [one], [])


def _in_a_ring(error: Exception) -> bool:
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", "") in IN_A_RING


@stamina.retry(on=_in_a_ring, attempts=3, wait_initial=0.05, wait_max=1)
def _store_together(batch: Batch, ready: Ready, ends: Sequence[End]) -> None:
    with transaction.atomic():
        ledger.wait_for_no_disk()
        written = [*ends, *_stored(batch, ready)]
        ledger.end(written)
        precedence.settle(end.pmid for end in written if end.pmid)


def _stored(batch: Batch, ready: Ready) -> Iterator[End]:
    arriving = [(item, read) for item, read in ready if isinstance(read, Incoming)]
    newer = precedence.overtaken(batch, [incoming.record.pmid for _, incoming in arriving])
    records = [(item, incoming) for item, incoming in arriving if not _is_overtaken(incoming.record, newer)]
    outcomes = store.store([incoming for _, incoming in records])
    for (item, incoming), outcome in zip(records, outcomes, strict=True):
        yield End(item, outcome.state, outcome.reason, outcome.article_id, pmid=incoming.record.pmid)
    for item, incoming in arriving:
        if _is_overtaken(incoming.record, newer):
            here = newer[incoming.record.pmid]
            yield End(item, ItemState.UNCHANGED, store.KEPT_NEWER, here.article_id, pmid=incoming.record.pmid)
    yield from _deleted([(item, read) for item, read in ready if isinstance(read, Deletion)])


def _is_overtaken(record: Record, newer: Mapping[int, Here]) -> bool:
    """Whether a later file has brought this edition of the record, or a later one, already."""
    return record.pmid in newer and edition(record.pmid_version, record.date_revised) <= newer[record.pmid].edition


def _deleted(deletions: Sequence[tuple[BatchItem, Deletion]]) -> Iterator[End]:
    found = store.mark_deleted([deletion for _, deletion in deletions]) if deletions else {}
    for item, deletion in deletions:
        article_id, version = found.get(deletion.pmid, (None, 0))
        if version > deletion.version:
            reason = f"PubMed deleted its version {deletion.version}; version {version} is here and stays."
            yield End(item, ItemState.UNCHANGED, reason, article_id, pmid=deletion.pmid)
        else:
            reason = "" if article_id else "PubMed deleted this record; it was not here."
            yield End(item, ItemState.DELETED, reason, article_id, pmid=deletion.pmid)
