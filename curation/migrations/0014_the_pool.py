"""Readings that go back to the pool, and what a project's policy says of giving articles out."""

from django.db import migrations, models

READING_STATES = [
    ("assigned", "Assigned"),
    ("in_progress", "In progress"),
    ("submitted", "Submitted"),
    ("returned", "Sent back"),
    ("accepted", "Accepted"),
    ("released", "Back in the pool"),
]
ORDERS = [
    ("entered", "As the articles came in"),
    ("newest", "The latest published first"),
    ("oldest", "The earliest published first"),
    ("random", "In random order, the same for everybody"),
]


class Migration(migrations.Migration):
    dependencies = [("curation", "0013_notices")]

    operations = [
        migrations.AddField("project", "reading_seed", models.PositiveIntegerField(default=1, db_default=1)),
        migrations.AddField("project", "most_open", models.PositiveSmallIntegerField(null=True, blank=True)),
        migrations.AddField("project", "abandoned_after", models.PositiveSmallIntegerField(null=True, blank=True)),
        migrations.AlterField(
            "project", "reading_order", models.CharField(max_length=10, choices=ORDERS, default="entered")
        ),
        migrations.AlterField(
            "reading", "state", models.CharField(max_length=20, choices=READING_STATES, default="assigned")
        ),
    ]
