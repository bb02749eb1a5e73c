"""The order of PubMed's numbered files; standing searches in the audit trail; quotes that a person left where they are."""

from django.db import migrations, models

NUMBER_THOSE_THAT_ARE_HERE = r"""
UPDATE curation_batch b SET serial = named[1]::int * 1000000 + named[2]::int
FROM (SELECT id, regexp_match(file_name, '^pubmed(\d\d)n(\d{4,6})\.xml(?:\.gz)?$', 'i') AS named FROM curation_batch) n
WHERE n.id = b.id AND named IS NOT NULL
"""
AUDIT = (
    "CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON curation_standingsearch "
    "FOR EACH ROW EXECUTE FUNCTION curation_audit_row()"
)
#: Searches that are here already begin their story in the trail as they are, so that it can be replayed.
BEGIN_THEIR_STORY = """
SET LOCAL timezone = 'UTC';
INSERT INTO curation_auditevent (at, transaction, actor_id, verb, reason, "table", operation, row_id, before, after)
SELECT clock_timestamp(), pg_current_xact_id()::text::bigint, s.owner_id, 'search.create', 'Here before the trail was.',
    'curation_standingsearch', 'INSERT', s.id, NULL, to_jsonb(s)
FROM curation_standingsearch s
WHERE NOT EXISTS (SELECT FROM curation_auditevent e WHERE e."table" = 'curation_standingsearch' AND e.row_id = s.id)
"""
NO_AUDIT = "DROP TRIGGER audited ON curation_standingsearch"


class Migration(migrations.Migration):
    dependencies = [("curation", "0004_article_words")]
    operations = [
        migrations.AddField("batch", "serial", models.PositiveIntegerField(blank=True, null=True)),
        migrations.RunSQL(NUMBER_THOSE_THAT_ARE_HERE, migrations.RunSQL.noop),
        migrations.AlterField(
            "evidence",
            "state",
            models.CharField(
                choices=[
                    ("anchored", "In its place"),
                    ("moved", "Found in more than one place"),
                    ("orphan", "No longer found"),
                    ("kept", "Left with the earlier wording"),
                ],
                default="anchored",
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            "batchitem", models.Index(condition=models.Q(("state", "deleted")), fields=["pmid"], name="item_deleted")
        ),
        migrations.RunSQL(BEGIN_THEIR_STORY, migrations.RunSQL.noop),
        migrations.RunSQL(AUDIT, NO_AUDIT),
    ]
