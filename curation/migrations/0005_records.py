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
NO_AUDIT = "DROP TRIGGER audited ON curation_standingsearch"


class Migration(migrations.Migration):
    dependencies = [("curation", "0011_audit_sealed")]
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
        migrations.RunSQL(AUDIT, NO_AUDIT),
    ]
