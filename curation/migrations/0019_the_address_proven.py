"""E-mail goes to a proven address only; an answer given again knows who asked for it first."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("curation", "0018_imports_write_less_again"),
    ]

    operations = [
        migrations.AddField(
            model_name="mailchoice",
            name="verified",
            field=models.EmailField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.AddField(
            model_name="mailchoice",
            name="link_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="repeat",
            name="rights",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), db_default=[], default=list, size=None
            ),
        ),
    ]
