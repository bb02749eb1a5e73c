"""Moves to another version of a codebook; people in the trail; findings that know the proposals they were made from."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


ON_ROWS = "CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON curation_{} FOR EACH ROW EXECUTE FUNCTION {}()"

#: People are written down without secrets (models.audit.UNTOLD), and so what changes nothing else is not written down: a
#: sign-in, which nobody does for somebody. Who made the first account on the machine acts for themselves.
OF_PEOPLE = """
CREATE FUNCTION curation_audit_person() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    untold text[] := ARRAY['password', 'last_login', 'email'];
    actor text := nullif(current_setting('casebook.actor', true), '');
    old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - untold END;
    new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - untold END;
BEGIN
    IF TG_OP = 'UPDATE' AND old_row = new_row AND (actor IS NULL OR OLD.password = NEW.password) THEN
        RETURN NULL;
    END IF;
    IF actor IS NULL AND TG_OP = 'INSERT' THEN
        actor := NEW.id::text;
    END IF;
    IF actor IS NULL THEN
        RAISE EXCEPTION 'A change of % names no actor', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege', HINT = 'Write through an action (curation.audit.acting).';
    END IF;
    INSERT INTO curation_auditevent (at, transaction, actor_id, verb, reason, "table", operation, row_id, before, after)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, actor::bigint,
            coalesce(nullif(current_setting('casebook.verb', true), ''), 'person.create'),
            coalesce(current_setting('casebook.reason', true), ''),
            TG_TABLE_NAME, TG_OP, (coalesce(new_row, old_row) ->> 'id')::bigint, old_row, new_row);
    RETURN NULL;
END $$
"""
THOSE_HERE = """
INSERT INTO curation_auditevent (at, transaction, actor_id, verb, reason, "table", operation, row_id, before, after)
SELECT clock_timestamp(), pg_current_xact_id()::text::bigint, id, 'person.begin_trail', '', 'curation_user', 'INSERT', id, NULL,
       to_jsonb(person) - ARRAY['password', 'last_login', 'email']
FROM curation_user AS person ORDER BY id
"""

#: In the order in which they were accepted, each with what the finding before it was made from.
ACCEPTED = """
DO $$
DECLARE
    accepted record;
BEGIN
    FOR accepted IN
        SELECT id, finding_id, outcome_id, decided_by_id FROM curation_proposal WHERE outcome_id IS NOT NULL ORDER BY decided_at
    LOOP
        PERFORM set_config('casebook.actor', accepted.decided_by_id::text, true),
                set_config('casebook.verb', 'proposal.accept', true), set_config('casebook.reason', '', true);
        INSERT INTO curation_findingsource (finding_id, proposal_id)
        SELECT accepted.outcome_id, accepted.id
        UNION SELECT accepted.outcome_id, proposal_id FROM curation_findingsource
              WHERE finding_id = accepted.finding_id AND proposal_id IS NOT NULL;
    END LOOP;
    PERFORM set_config('casebook.actor', '', true), set_config('casebook.verb', '', true);
    SET CONSTRAINTS ALL IMMEDIATE;
END $$
"""
FORGOTTEN = """
DO $$
BEGIN
    PERFORM set_config('casebook.actor', coalesce((SELECT min(id) FROM curation_user)::text, '0'), true),
            set_config('casebook.verb', 'proposal.accept', true);
    DELETE FROM curation_findingsource WHERE annotation_id IS NULL;
    PERFORM set_config('casebook.actor', '', true), set_config('casebook.verb', '', true);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0015_adjudication"),
    ]

    operations = [
        migrations.CreateModel(
            name="Unmoved",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("why", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Waits for a person"), ("entered", "Entered anew"), ("dismissed", "Dismissed")],
                        default="open",
                        max_length=20,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "value to settle",
                "verbose_name_plural": "values to settle",
                "ordering": ["upgrade", "id"],
            },
        ),
        migrations.CreateModel(
            name="Upgrade",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carried", models.PositiveIntegerField()),
                ("changed", models.PositiveIntegerField()),
                ("left", models.PositiveIntegerField()),
                ("readings", models.PositiveIntegerField()),
                ("moved_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "move to a codebook version",
                "verbose_name_plural": "moves to a codebook version",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="findingsource",
            name="proposal",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="finding_sources",
                to="curation.proposal",
            ),
        ),
        migrations.AlterField(
            model_name="findingsource",
            name="annotation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="finding_sources",
                to="curation.annotation",
            ),
        ),
        migrations.AddField(
            model_name="finding",
            name="accepted",
            field=models.ManyToManyField(related_name="+", through="curation.FindingSource", to="curation.proposal"),
        ),
        migrations.AlterField(
            model_name="ruling",
            name="kind",
            field=models.CharField(
                choices=[
                    ("publish", "Published"),
                    ("adjudicate", "Adjudicated"),
                    ("send_back", "Sent back"),
                    ("retract", "Retracted"),
                    ("amend", "Amended"),
                    ("reopen", "Re-opened"),
                    ("upgrade", "Carried to another codebook version"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="findingsource",
            constraint=models.UniqueConstraint(fields=("finding", "proposal"), name="finding_proposal_once"),
        ),
        migrations.AddConstraint(
            model_name="findingsource",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("annotation__isnull", False), ("proposal__isnull", True)),
                    models.Q(("annotation__isnull", True), ("proposal__isnull", False)),
                    _connector="OR",
                ),
                name="finding_source_is_one",
            ),
        ),
        migrations.AddField(
            model_name="unmoved",
            name="annotation",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="unmoved",
                to="curation.annotation",
            ),
        ),
        migrations.AddField(
            model_name="unmoved",
            name="decided_by",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="unmoved",
            name="finding",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="unmoved", to="curation.finding"
            ),
        ),
        migrations.AddField(
            model_name="unmoved",
            name="outcome",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entered_for",
                to="curation.finding",
            ),
        ),
        migrations.AddField(
            model_name="upgrade",
            name="after",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curation.codebookversion"),
        ),
        migrations.AddField(
            model_name="upgrade",
            name="before",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curation.codebookversion"),
        ),
        migrations.AddField(
            model_name="upgrade",
            name="moved_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name="upgrade",
            name="project",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="upgrades", to="curation.project"),
        ),
        migrations.AddField(
            model_name="unmoved",
            name="upgrade",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="unmoved", to="curation.upgrade"),
        ),
        migrations.AddConstraint(
            model_name="unmoved",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("annotation__isnull", True), ("finding__isnull", False)),
                    models.Q(("annotation__isnull", False), ("finding__isnull", True)),
                    _connector="OR",
                ),
                name="unmoved_finding_or_annotation",
            ),
        ),
        *(
            migrations.RunSQL(ON_ROWS.format(table, "curation_audit_row"), f"DROP TRIGGER audited ON curation_{table}")
            for table in ("upgrade", "unmoved")
        ),
        migrations.RunSQL(
            [OF_PEOPLE, ON_ROWS.format("user", "curation_audit_person")], "DROP FUNCTION curation_audit_person CASCADE"
        ),
        migrations.RunSQL(THOSE_HERE, migrations.RunSQL.noop),
        migrations.RunSQL(ACCEPTED, FORGOTTEN),
    ]
