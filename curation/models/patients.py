"""Patients: persons described in one or more articles. Every count of Casebook counts these, each once."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from curation.choices import SameState
from curation.models.annotation import Reading
from curation.models.base import Versioned
from curation.models.projects import Project


class PatientQuerySet(models.QuerySet["Patient"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))

    def counted(self) -> Self:
        """Without those merged into another: nobody is counted twice."""
        return self.filter(merged_into=None)


class Patient(Versioned):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="patients")
    label = models.CharField(max_length=200)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")

    objects = PatientQuerySet.as_manager()

    class Meta:
        ordering = ["project", "id"]

    def __str__(self) -> str:
        return self.label


class PatientReport(models.Model):
    """That an article describes a patient, under the name the article uses."""

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="reports")
    article = models.ForeignKey("curation.Article", on_delete=models.PROTECT, related_name="patient_reports")
    label_in_article = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["article", "id"]
        constraints = [models.UniqueConstraint(fields=["patient", "article"], name="report_once_per_patient_and_article")]

    def __str__(self) -> str:
        return f"{self.patient} in {self.article}"


class PatientMerge(Versioned):
    """That a reader found two patients of a reading to be one, written down so that it can be undone.

    ``moved``: [{annotation, patient, instance}] as they were before; ``proofs``: [{evidence, annotation}] likewise.
    ``position`` is where ``gone`` stood among the reading's patients.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="merges")
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    moved = models.JSONField(default=list)
    proofs = models.JSONField(default=list)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(kept=F("gone")), name="patient_merge_of_two")]

    def __str__(self) -> str:
        return f"{self.gone} merged into {self.kept}"


class SamePatientQuerySet(models.QuerySet["SamePatient"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))

    def standing(self) -> Self:
        """Proposed or confirmed."""
        return self.filter(state__in=(SameState.PROPOSED, SameState.CONFIRMED))

    def confirmed(self) -> Self:
        return self.filter(state=SameState.CONFIRMED)


class SamePatient(Versioned):
    """The word that two patients, reported in different articles, are one person: by whom, when and why."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="same_patients")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="same_as")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="same_from")
    state = models.CharField(max_length=20, choices=SameState.choices, default=SameState.PROPOSED)
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_reason = models.TextField(blank=True)

    objects = SamePatientQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(patient=F("other")), name="same_patient_of_two"),
            models.UniqueConstraint(
                fields=["patient", "other"],
                condition=Q(state__in=(SameState.PROPOSED, SameState.CONFIRMED)),
                name="same_patient_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} is {self.other}"
