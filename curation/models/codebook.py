"""Codebooks: what may be recorded of a patient, and in which values. A version is frozen once loaded."""

from django.conf import settings
from django.db import models

from curation.choices import Tier, ValueType


class Codebook(models.Model):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=300)
    language = models.CharField(max_length=10, default="en")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title


class CodebookVersion(models.Model):
    """One frozen text of a codebook; ``source`` is the YAML as it was loaded and ``sha256`` its hash."""

    codebook = models.ForeignKey(Codebook, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=20)
    hpo_release = models.CharField(max_length=50, blank=True)
    statuses = models.JSONField(default=list)
    source = models.TextField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["codebook__slug", "-id"]
        constraints = [models.UniqueConstraint(fields=["codebook", "version"], name="codebook_version_once")]

    def __str__(self) -> str:
        return f"{self.codebook.slug} {self.version}"


class FeatureGroup(models.Model):
    codebook_version = models.ForeignKey(CodebookVersion, on_delete=models.CASCADE, related_name="groups")
    slug = models.SlugField()
    label = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["codebook_version", "position"]
        constraints = [models.UniqueConstraint(fields=["codebook_version", "slug"], name="group_once_per_version")]

    def __str__(self) -> str:
        return self.label


class Feature(models.Model):
    """One thing that may be recorded.

    JSON fields keep the shapes of the codebook file: ``unit`` {ucum, label}, ``range`` {min, max}, ``shown_when``
    {feature, status_in | value_in}, ``ontology`` {hpo: [{id, name}], other: [...]}, ``antibody`` {class, subtype},
    ``status_labels`` {status: label}.
    """

    codebook_version = models.ForeignKey(CodebookVersion, on_delete=models.CASCADE, related_name="features")
    group = models.ForeignKey(FeatureGroup, on_delete=models.CASCADE, related_name="features")
    slug = models.SlugField(max_length=80)
    label = models.CharField(max_length=200)
    question = models.TextField()
    note = models.TextField(blank=True)
    value_type = models.CharField(max_length=30, choices=ValueType.choices)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    position = models.PositiveSmallIntegerField()
    evidence_required = models.BooleanField(default=True)
    derivation = models.TextField(blank=True)
    repeatable = models.BooleanField(default=False)
    repeat_group = models.CharField(max_length=80, blank=True)
    unit = models.JSONField(null=True, blank=True)
    range = models.JSONField(null=True, blank=True)
    shown_when = models.JSONField(null=True, blank=True)
    ontology = models.JSONField(default=dict, blank=True)
    antibody = models.JSONField(null=True, blank=True)
    status_labels = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["codebook_version", "position"]
        constraints = [models.UniqueConstraint(fields=["codebook_version", "slug"], name="feature_once_per_version")]

    def __str__(self) -> str:
        return self.label

    @property
    def is_derived(self) -> bool:
        return self.value_type == ValueType.DERIVED or bool(self.derivation)


class Option(models.Model):
    feature = models.ForeignKey(Feature, on_delete=models.CASCADE, related_name="options")
    value = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    definition = models.TextField(blank=True)
    hpo = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["feature", "position"]
        constraints = [models.UniqueConstraint(fields=["feature", "value"], name="option_once_per_feature")]

    def __str__(self) -> str:
        return self.label
