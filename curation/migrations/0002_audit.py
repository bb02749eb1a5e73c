"""The audit trail's two guards, in the database: every change of a curated table is written down, nothing written is altered."""

from django.db import migrations

#: As of this migration; a later table is added by a later one.
TABLES = (
    "project membership screening codebook codebookversion feature patient patientreport reading annotation evidence "
    "readingpatient ruling finding findingsource rule cohort"
).split()

WRITE_DOWN = """
CREATE FUNCTION curation_audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actor text := nullif(current_setting('casebook.actor', true), '');
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
BEGIN
    IF actor IS NULL THEN
        RAISE EXCEPTION 'A change of % names no actor', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Write through an action (curation.audit.acting).';
    END IF;
    INSERT INTO curation_auditevent (at, transaction, actor_id, verb, reason, "table", operation, row_id, before, after)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, actor::bigint,
            coalesce(current_setting('casebook.verb', true), ''), coalesce(current_setting('casebook.reason', true), ''),
            TG_TABLE_NAME, TG_OP, (coalesce(new_row, old_row) ->> 'id')::bigint, old_row, new_row);
    RETURN NULL;
END $$
"""
REFUSE = """
CREATE FUNCTION curation_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only' USING ERRCODE = 'insufficient_privilege';
END $$
"""
ON_ROWS = (
    "CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON curation_{0} FOR EACH ROW EXECUTE FUNCTION curation_audit_row()"
)
ON_TRAIL = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON curation_auditevent "
    "FOR EACH ROW EXECUTE FUNCTION curation_audit_is_append_only()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON curation_auditevent "
    "FOR EACH STATEMENT EXECUTE FUNCTION curation_audit_is_append_only()",
)
UNDO = "DROP FUNCTION curation_audit_row CASCADE; DROP FUNCTION curation_audit_is_append_only CASCADE"


class Migration(migrations.Migration):
    dependencies = [("curation", "0001_tables")]
    operations = [
        migrations.RunSQL([WRITE_DOWN, REFUSE, *(ON_ROWS.format(table) for table in TABLES), *ON_TRAIL], reverse_sql=UNDO),
    ]
