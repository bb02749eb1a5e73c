"""Patients in their reader's order, merged within a reading, and known to be the same across articles."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


ON_ROWS = (
    "CREATE TRIGGER audited AFTER INSERT OR UPDATE OR DELETE ON curation_{0} FOR EACH ROW EXECUTE FUNCTION curation_audit_row()"
)
OFF_ROWS = "DROP TRIGGER audited ON curation_{0}"


class Migration(migrations.Migration):
    dependencies = [
        ("curation", "0008_acts_of_a_reading"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="readingpatient",
            options={"ordering": ["position", "id"]},
        ),
        migrations.AddField(
            model_name="readingpatient",
            name="position",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="PatientMerge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("moved", models.JSONField(default=list)),
                ("proofs", models.JSONField(default=list)),
                ("merged_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("gone", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curation.patient")),
                ("kept", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="curation.patient")),
                (
                    "merged_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "reading",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="merges", to="curation.reading"),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kept", models.F("gone")), _negated=True), name="patient_merge_of_two"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SamePatient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("confirmed", "Confirmed"),
                            ("declined", "Declined"),
                            ("undone", "Taken back"),
                        ],
                        default="proposed",
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                ("settled_reason", models.TextField(blank=True)),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="same_from", to="curation.patient"
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="same_as", to="curation.patient"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="same_patients", to="curation.project"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("patient", models.F("other")), _negated=True), name="same_patient_of_two"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("proposed", "confirmed"))),
                        fields=("patient", "other"),
                        name="same_patient_once",
                    ),
                ],
            },
        ),
        *(migrations.RunSQL(ON_ROWS.format(table), OFF_ROWS.format(table)) for table in ("patientmerge", "samepatient")),
    ]
