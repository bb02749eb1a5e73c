"""Patients: persons described in one or more articles. Every count of Casebook counts these, each once."""

from typing import Self

from django.db import models

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
