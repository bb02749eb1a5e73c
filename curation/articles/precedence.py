"""Which of several files spoke last of a record. Files are worked off in parallel and in any order: what counts is the order
in which PubMed published them (the number in their names), else the order in which they were opened.

A file does not say when a record was deleted, so the ledger's items are what tells: a deletion holds until a later file, or
PubMed when it was asked later, has the record again.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection

from curation.models import Batch

NUMBERED = re.compile(r"pubmed(\d\d)n(\d{4,6})\.xml(?:\.gz)?", re.IGNORECASE)

_BROUGHT = "p.state IN ('new', 'updated', 'unchanged') AND pb.kind <> 'full_text'"
_LATER = """CASE
    WHEN p.batch_id = d.batch_id THEN p.position > d.position
    WHEN pb.kind <> 'file' THEN (p.changed_at, p.batch_id) > (d.changed_at, d.batch_id)
    WHEN pb.serial = db.serial THEN p.position > d.position
    WHEN pb.serial IS NOT NULL AND db.serial IS NOT NULL THEN pb.serial > db.serial
    ELSE p.batch_id > d.batch_id END"""
_SETTLE = f"""
WITH deletion AS (
    SELECT d.pmid, bool_or(NOT EXISTS (
        SELECT FROM curation_article a
            JOIN curation_batchitem p ON p.article_id = a.id JOIN curation_batch pb ON pb.id = p.batch_id
        WHERE a.pmid = d.pmid AND {_BROUGHT} AND {_LATER})) AS holds
    FROM curation_batchitem d JOIN curation_batch db ON db.id = d.batch_id
    WHERE d.state = 'deleted' AND d.pmid IN ({{}}) GROUP BY d.pmid),
wrong AS (
    SELECT a.id, holds FROM curation_article a JOIN deletion USING (pmid)
    WHERE a.is_deleted_at_source <> holds ORDER BY a.pmid FOR NO KEY UPDATE OF a)
UPDATE curation_article a SET is_deleted_at_source = holds FROM wrong WHERE a.id = wrong.id
"""  # noqa: S608 - only the constants above are put in
SETTLE = _SETTLE.format("SELECT unnest(%s::bigint[])")
SETTLE_BATCH = _SETTLE.format("SELECT pmid FROM curation_batchitem WHERE batch_id = %s")

OVERTAKEN = f"""
SELECT a.pmid, a.id, a.pmid_version, a.date_revised FROM curation_article a
WHERE a.pmid = ANY(%s) AND EXISTS
    (SELECT FROM curation_batchitem p JOIN curation_batch pb ON pb.id = p.batch_id
     WHERE p.article_id = a.id AND {_BROUGHT} AND pb.serial > %s)
"""  # noqa: S608


class Edition(NamedTuple):
    """Editions compare as PubMed counts them: the version first, then the day of the last revision."""

    version: int
    revised: date


class Here(NamedTuple):
    article_id: int
    edition: Edition


def edition(version: int, revised: date | None) -> Edition:
    return Edition(version, revised or date.min)


def serial(file_name: str) -> int | None:
    """pubmed26n1335.xml.gz is the 1335th file of 2026; None for a file that PubMed did not number."""
    named = NUMBERED.fullmatch(file_name)
    return int(named[1]) * 1_000_000 + int(named[2]) if named else None


def overtaken(batch: Batch, pmids: Iterable[int]) -> dict[int, Here]:
    """Of these PMIDs those that a later numbered file has brought already, with what is here of them."""
    if batch.serial is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(OVERTAKEN, [list(pmids), batch.serial])
        return {pmid: Here(pk, edition(version, revised)) for pmid, pk, version, revised in cursor.fetchall()}


def settle(pmids: Iterable[int]) -> None:
    """Mark these records as deleted or not, as whichever file spoke last says. Those that no file deleted stay as they are."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [list(pmids)])


def settle_batch(batch: Batch) -> None:
    """The same for all of a batch: two files that crossed saw nothing of each other, but whichever ends last sees both."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_BATCH, [batch.pk])
