"""What the site's own database role may do: everything but alter the trail, switch off its triggers or empty a table."""

from django.db import connection, transaction
from psycopg import sql

from curation.errors import Invalid
from curation.models import AuditEvent, AuditSeal

READ_ONLY = (AuditEvent, AuditSeal)


def limit(role: str, *, password: str = "") -> None:
    """Make the role where there is none, and give it what the site needs. To be run by the owner of the tables, after
    every migration; safe to repeat. Refused for the owner itself and for whoever may do everything."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema(), current_database()")
        owner, schema, database = cursor.fetchone()
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [role])
        found = cursor.fetchone()
        if role == owner or (found and found[0]):
            raise Invalid(f"The role “{role}” owns the tables or may do everything: name another for the site.")
        if found is None:
            cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        if password:
            cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))
        names = {
            "role": sql.Identifier(role),
            "schema": sql.Identifier(schema),
            "database": sql.Identifier(database),
            "trail": sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in READ_ONLY),
        }
        for statement in GRANTS:
            cursor.execute(sql.SQL(statement).format(**names))


GRANTS = (
    "GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "REVOKE ALL ON {trail} FROM {role}",
    "GRANT SELECT ON {trail} TO {role}",
)


def are_limited() -> bool:
    """Whether the role of this connection can only read the trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT NOT bool_or(has_table_privilege(current_user, name, 'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')) "
            "FROM unnest(%s::text[]) AS name",
            [[model._meta.db_table for model in READ_ONLY]],
        )
        return bool(cursor.fetchone()[0])
