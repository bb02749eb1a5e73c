"""Whether the trail and the tables it tells of are what they were: every fault in words, none where nothing was touched."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from curation.models.audit import AUDITED, AuditSeal
from curation.safekeeping import sealing

#: So many rows of one kind of fault are named; the rest are counted by the reader of the first.
MOST_NAMED = 20

UNGUARDED = """
SELECT name FROM unnest(%s::text[]) AS name
WHERE NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = name::regclass AND tgname = %s AND tgenabled IN ('O', 'A'))
"""
BROKEN_CHAIN = """
SELECT "table", row_id, id FROM (
    SELECT id, "table", row_id, operation, before, lag(after) OVER w AS known
    FROM curation_auditevent WINDOW w AS (PARTITION BY "table", row_id ORDER BY id)
) AS event
WHERE CASE WHEN operation = 'INSERT' THEN before IS NOT NULL OR known IS NOT NULL
           ELSE before IS NULL OR known IS NULL OR NOT pg_temp.curation_same_row(before, known) END
ORDER BY id LIMIT %s
"""
#: A column that came later is unknown to older events: only what both know can differ.
SAME_ROW = """
CREATE OR REPLACE FUNCTION pg_temp.curation_same_row(one jsonb, other jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT NOT EXISTS (SELECT FROM jsonb_each(one) AS a JOIN jsonb_each(other) AS b USING (key)
                       WHERE a.value IS DISTINCT FROM b.value)
$$
"""
STRAYED = """
WITH told AS (
    SELECT DISTINCT ON (row_id) row_id, after FROM curation_auditevent WHERE "table" = %s ORDER BY row_id, id DESC
)
SELECT coalesce(told.row_id, (live.row ->> 'id')::bigint)
FROM (SELECT * FROM told WHERE after IS NOT NULL) AS told
FULL JOIN (SELECT to_jsonb({table}) AS row FROM {table}) AS live ON (live.row ->> 'id')::bigint = told.row_id
WHERE told.row_id IS NULL OR live.row IS NULL OR NOT pg_temp.curation_same_row(live.row, told.after)
ORDER BY 1 LIMIT %s
"""


def faults(heads: Path | None = None) -> Iterator[str]:
    """Each fault found, as of one moment; ``heads`` is the file of digests kept outside (AUDIT_HEADS otherwise)."""
    with transaction.atomic():
        if not connection.in_atomic_block or not connection.savepoint_ids:
            _run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        _run("SET LOCAL timezone = 'UTC'")
        _run(SAME_ROW)
        yield from _guards()
        yield from _seals(heads)
        yield from _chains()
        yield from _tables()


def _guards() -> Iterator[str]:
    tables = [f"curation_{name}" for name in AUDITED]
    for (name,) in _rows(UNGUARDED, [tables, "audited"]):
        yield f"{name} is not watched: its trigger is gone or switched off"
    for (name,) in _rows(UNGUARDED, [["curation_auditevent", "curation_auditseal"], "append_only"]):
        yield f"{name} can be altered: its trigger is gone or switched off"


def _seals(path: Path | None) -> Iterator[str]:
    """The chain from its first seal on, and the heads outside against it."""
    previous, last, digests = "", 0, {}
    for seal in AuditSeal.objects.order_by("pk"):
        digests[seal.pk] = seal.digest
        ((digest, events),) = _rows(
            "SELECT curation_audit_digest(%s, %s, %s), (SELECT count(*) FROM curation_auditevent WHERE id > %s AND id <= %s)",
            [previous, seal.first_event, seal.last_event, last, seal.last_event],
        )
        span = f"events {seal.first_event} to {seal.last_event}"
        if seal.previous != previous:
            yield f"seal {seal.pk} does not follow the one before it: a seal was altered, put in or taken out"
        elif (digest, events) != (seal.digest, seal.events):
            yield f"seal {seal.pk} is broken: {span} are not what was sealed ({seal.events} then, {events} now)"
        previous, last = seal.digest, seal.last_event
    for number, digest in sealing.heads(path).items():
        if digests.get(number) != digest:
            yield f"seal {number} is not the one whose head was kept outside: the chain was made anew"


def _chains() -> Iterator[str]:
    for table, row, event in _rows(BROKEN_CHAIN, [MOST_NAMED]):
        yield f"event {event} does not follow from what was told before of row {row} of {table}"


def _tables() -> Iterator[str]:
    for name in AUDITED:
        table = apps.get_model("curation", name)._meta.db_table
        for (row,) in _rows(STRAYED.format(table=connection.ops.quote_name(table)), [table, MOST_NAMED]):
            yield f"row {row} of {table} is not what the trail tells of it"


def _rows(statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
