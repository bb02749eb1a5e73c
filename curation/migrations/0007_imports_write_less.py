"""Fewer indexes that say what another says, and no packing of what is packed or small."""

import django.db.models.deletion
from django.db import migrations, models


#: Texts of a few kilobytes stay in their row, where packing and unpacking them cost more than the space is worth. (Articles are
#: packed: lists read many of their rows.) A kept source is packed before it comes, so the database does not try again.
STORAGE = """
ALTER TABLE curation_section SET (toast_tuple_target = 8160);
ALTER TABLE curation_sourcerecord ALTER COLUMN body SET STORAGE EXTERNAL;
"""
STORAGE_BEFORE = """
ALTER TABLE curation_section RESET (toast_tuple_target);
ALTER TABLE curation_sourcerecord ALTER COLUMN body SET STORAGE EXTENDED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0006_challenges"),
    ]

    operations = [
        migrations.AlterField(
            model_name="article",
            name="doi",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="batchitem",
            name="batch",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="items", to="curation.batch"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="article",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="notices", to="curation.article"
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="article",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="references", to="curation.article"
            ),
        ),
        migrations.AlterField(
            model_name="reference",
            name="doi",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AlterField(
            model_name="section",
            name="article",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="sections", to="curation.article"
            ),
        ),
        migrations.AlterField(
            model_name="sourcerecord",
            name="article",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="curation.article"
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["doi"], name="article_by_doi"),
        ),
        migrations.AddIndex(
            model_name="reference",
            index=models.Index(fields=["doi"], name="reference_by_doi"),
        ),
        migrations.RunSQL(STORAGE, STORAGE_BEFORE),
    ]
