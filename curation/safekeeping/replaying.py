"""Replaying: the curated tables built anew from the trail alone, into a schema beside the ones in use."""

import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from psycopg import sql

from curation.errors import Invalid
from curation.models.audit import AUDITED, UNTOLD

SCHEMA = "replayed"

MAKE = "CREATE TABLE {copy} (LIKE {table})"
FILL = """
INSERT INTO {copy} SELECT (jsonb_populate_record(NULL::{table}, {defaults}::jsonb || after)).*
FROM (SELECT DISTINCT ON (row_id) row_id, after FROM curation_auditevent WHERE "table" = {name} ORDER BY row_id, id DESC) AS told
WHERE after IS NOT NULL
"""
COUNTS = """
SELECT (SELECT count(*) FROM {copy}),
       (SELECT count(*) FROM (SELECT {row} FROM {copy} AS t EXCEPT SELECT {row} FROM {table} AS t) AS gone),
       (SELECT count(*) FROM (SELECT {row} FROM {table} AS t EXCEPT SELECT {row} FROM {copy} AS t) AS more)
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """``only_here``: rows of the replay that the table in use does not hold so; ``only_there`` the other way round."""

    table: str
    rows: int
    only_here: int
    only_there: int

    @property
    def is_equal(self) -> bool:
        return not self.only_here and not self.only_there


def replay(*, schema: str = SCHEMA, keep: bool = False) -> list[Replayed]:
    """Each audited table rebuilt in ``schema`` and compared; the schema is dropped again unless it is to be kept.

    A column that came after an event was written takes the default of its field, as its migration gave it.
    """
    if not schema.isidentifier() or schema in ("public", "information_schema") or schema.startswith("pg_"):
        raise Invalid(f"“{schema[:60]}” cannot be the schema of a replay; name one that does not exist yet, such as {SCHEMA}.")
    with transaction.atomic():
        if _rows(sql.SQL("SELECT 1 FROM pg_namespace WHERE nspname = {}").format(sql.Literal(schema))):
            raise Invalid(f"There is a schema “{schema}” already; remove it, or name another.")
        _run(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        _run(sql.SQL("SET LOCAL timezone = 'UTC'"))
        done = [_rebuilt(schema, name) for name in AUDITED]
        if not keep:
            _run(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
    return done


def _rebuilt(schema: str, name: str) -> Replayed:
    model = apps.get_model("curation", name)
    table = model._meta.db_table
    named = {
        "copy": sql.Identifier(schema, table),
        "table": sql.Identifier(table),
        "name": sql.Literal(table),
        "row": sql.SQL("to_jsonb(t) - {}::text[]").format(sql.Literal(list(UNTOLD.get(name, ())))),
        "defaults": sql.Literal(json.dumps(_defaults(model), cls=DjangoJSONEncoder)),
    }
    _run(sql.SQL(MAKE).format(**named))
    _run(sql.SQL(FILL).format(**named))
    ((rows, here, there),) = _rows(sql.SQL(COUNTS).format(**named))
    return Replayed(table, rows, here, there)


def _defaults(model: type[models.Model]) -> dict[str, Any]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    return {
        str(field.column): field.get_default()
        for field in fields
        if field.has_default() or (field.empty_strings_allowed and not field.null)
    }


def _run(statement: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(statement: sql.Composable) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()
