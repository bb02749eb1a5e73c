"""No index of references that nothing asks for; records and sources stay as they are in their rows, up to a page."""

from django.db import migrations, models

#: A row that fits a page is not packed, nor put beside its table: an import spent more on that than the space is worth, and
#: whoever reads the row has no need to unpack it. What is longer is packed as before, and rows of before are read as they are.
STORAGE = """
ALTER TABLE curation_article SET (toast_tuple_target = 8160);
ALTER TABLE curation_sourcerecord SET (toast_tuple_target = 8160);
"""
STORAGE_BEFORE = """
ALTER TABLE curation_article RESET (toast_tuple_target);
ALTER TABLE curation_sourcerecord RESET (toast_tuple_target);
"""


class Migration(migrations.Migration):
    dependencies = [("curation", "0017_repeats")]

    operations = [
        migrations.RemoveIndex(model_name="reference", name="reference_by_doi"),
        migrations.AlterField(model_name="reference", name="pmid", field=models.BigIntegerField(blank=True, null=True)),
        migrations.RunSQL(STORAGE, STORAGE_BEFORE),
    ]
