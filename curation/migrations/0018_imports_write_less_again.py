"""No index of references that nothing asks for; a kept source stays in its row up to a page."""

from django.db import migrations, models

#: A source comes packed: put beside its table it took no less room, and a second index entry. (Articles are packed as before:
#: unpacked their table is larger by two thirds.) What is longer than a page goes beside as before; rows of before are read alike.
STORAGE = "ALTER TABLE curation_sourcerecord SET (toast_tuple_target = 8160)"
STORAGE_BEFORE = "ALTER TABLE curation_sourcerecord RESET (toast_tuple_target)"


class Migration(migrations.Migration):
    dependencies = [("curation", "0017_repeats")]

    operations = [
        migrations.RemoveIndex(model_name="reference", name="reference_by_doi"),
        migrations.AlterField(model_name="reference", name="pmid", field=models.BigIntegerField(blank=True, null=True)),
        migrations.RunSQL(STORAGE, STORAGE_BEFORE),
    ]
