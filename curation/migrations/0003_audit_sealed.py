"""The trail sealed: a chain of digests over what is written, made by the database itself with its owner's rights.

With the owner's rights the site's own role needs none on the trail but to read it (``limit_rights``). Times are written
in UTC whatever the session's zone, so that the same row always reads the same.
"""

from django.db import migrations, models

OWN_RIGHTS = """
ALTER FUNCTION curation_audit_row() SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'
"""
SESSION_RIGHTS = "ALTER FUNCTION curation_audit_row() SECURITY INVOKER RESET ALL"

DIGEST = """
CREATE FUNCTION curation_audit_digest(previous text, first bigint, last bigint) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
    SELECT encode(sha256(convert_to(previous, 'UTF8') || coalesce(string_agg(sha256(convert_to(jsonb_build_array(
        id, at, transaction, actor_id, verb, reason, "table", operation, row_id, before, after)::text, 'UTF8')), ''::bytea
        ORDER BY id), ''::bytea)), 'hex')
    FROM curation_auditevent WHERE id BETWEEN first AND last
$$
"""
SEAL = """
CREATE FUNCTION curation_seal_audit() RETURNS SETOF curation_auditseal LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    head curation_auditseal;
    newer record;
BEGIN
    LOCK TABLE curation_auditseal IN EXCLUSIVE MODE;
    -- Waits for every transaction that has written to the trail: numbers given are then either there or never will be.
    LOCK TABLE curation_auditevent IN SHARE ROW EXCLUSIVE MODE;
    SELECT * INTO head FROM curation_auditseal ORDER BY id DESC LIMIT 1;
    SELECT min(id) AS first, max(id) AS last, count(*) AS events INTO newer
    FROM curation_auditevent WHERE id > coalesce(head.last_event, 0);
    IF newer.events > 0 THEN
        RETURN QUERY INSERT INTO curation_auditseal (sealed_at, first_event, last_event, events, previous, digest)
        VALUES (clock_timestamp(), newer.first, newer.last, newer.events, coalesce(head.digest, ''),
                curation_audit_digest(coalesce(head.digest, ''), newer.first, newer.last))
        RETURNING *;
    END IF;
END $$
"""
ON_SEALS = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON curation_auditseal "
    "FOR EACH ROW EXECUTE FUNCTION curation_audit_is_append_only()"
)


class Migration(migrations.Migration):
    dependencies = [("curation", "0002_audit")]
    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sealed_at", models.DateTimeField()),
                ("first_event", models.BigIntegerField()),
                ("last_event", models.BigIntegerField(unique=True)),
                ("events", models.PositiveIntegerField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(max_length=64, unique=True)),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunSQL(OWN_RIGHTS, SESSION_RIGHTS),
        migrations.RunSQL(
            [DIGEST, SEAL, ON_SEALS],
            "DROP TRIGGER append_only ON curation_auditseal; DROP FUNCTION curation_seal_audit; "
            "DROP FUNCTION curation_audit_digest",
        ),
    ]
