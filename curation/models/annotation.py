"""Readings, and what each says of a patient: annotations with their evidence."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from curation.choices import (
    READING_OPEN,
    Confidence,
    Depth,
    EvidenceKind,
    EvidenceRole,
    EvidenceState,
    ReadingState,
    Role,
    Status,
)
from curation.models.base import Versioned
from curation.models.people import User
from curation.models.projects import Project


class ReadingQuerySet(models.QuerySet["Reading"]):
    def visible_to(self, user: object) -> Self:
        """A reader's own; a moderator's project's once they are submitted. Blindness starts here: whoever still reads an
        article does not see what others say of it, though they moderate."""
        if not isinstance(user, User):
            return self.none()
        moderated = Q(project__in=Project.objects.of_member(user, Role.MODERATOR))
        handed_in = Q(state__in=(ReadingState.SUBMITTED, ReadingState.RETURNED, ReadingState.ACCEPTED))
        beside = Reading.objects.open().filter(curator=user, project=OuterRef("project"), article=OuterRef("article"))
        return self.filter(Q(curator=user) | moderated & handed_in & ~Exists(beside))

    def open(self) -> Self:
        """Those their readers may write in."""
        return self.filter(state__in=READING_OPEN)

    def standing(self) -> Self:
        """Those that count as a reader's; not the drafts of readings that went back to the pool."""
        return self.exclude(state=ReadingState.RELEASED)


class Reading(Versioned):
    """One curator's pass through one article for one project, under one codebook version."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="readings")
    article = models.ForeignKey("curation.Article", on_delete=models.PROTECT, related_name="readings")
    curator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="readings")
    codebook_version = models.ForeignKey("curation.CodebookVersion", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=ReadingState.choices, default=ReadingState.ASSIGNED)
    patients = models.ManyToManyField("curation.Patient", through="ReadingPatient", related_name="readings")
    scope = models.JSONField(default=list)  # what was read, as values of ReadPart
    note = models.TextField(blank=True)  # the moderator's, when sent back
    due_on = models.DateField(null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    own_pass_at = models.DateTimeField(null=True, blank=True)  # when the reader said that their own pass was done

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        constraints = [models.UniqueConstraint(fields=["project", "article", "curator"], name="reading_once_per_curator")]

    def __str__(self) -> str:
        return f"{self.article} read by {self.curator}"


class ReadingPatient(models.Model):
    """Which patients a reading describes. Each blind reader has rows of their own, so nobody learns how many the other saw."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="described")
    patient = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, related_name="described_in")
    position = models.PositiveSmallIntegerField(default=0)  # the reader's own order; equal ones as they were added

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["reading", "patient"], name="patient_once_per_reading")]

    def __str__(self) -> str:
        return f"{self.patient} in {self.reading}"


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(reading__in=Reading.objects.visible_to(user))

    def standing(self) -> Self:
        """Without those set aside when the project moved to another codebook version: they keep the one they were said in."""
        return self.filter(feature__codebook_version=models.F("reading__codebook_version"))


class ValueFields(models.Model):
    """How a status and a value are kept, for annotations and findings alike.

    ``value`` is normalised JSON by value type: choice str; choice_multi list[str]; number float in the feature's unit;
    age and duration ISO 8601 str; ontology_term {id, label} (a list where the feature is repeatable); text, time, variant
    str; measurement {name, number, unit}; null where the status alone is the answer.
    ``low`` and ``high`` bound it as a number for range questions (ages in years, durations in days, numbers in the unit).
    ``qualifiers``: see ``codebook.qualifiers`` (precision, comparator, severity {id, label}, side, certainty, upper_limit …).
    """

    status = models.CharField(max_length=20, choices=Status.choices)
    value = models.JSONField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    qualifiers = models.JSONField(default=dict, blank=True)
    comment = models.TextField(blank=True)

    class Meta:
        abstract = True


class Annotation(ValueFields, Versioned):
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="annotations")
    patient = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, related_name="annotations")
    feature = models.ForeignKey("curation.Feature", on_delete=models.PROTECT, related_name="+")
    instance = models.PositiveSmallIntegerField(default=1)
    confidence = models.CharField(max_length=10, choices=Confidence.choices, default=Confidence.HIGH)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["reading", "feature__position", "instance"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "patient", "feature", "instance"], name="annotation_once"),
            models.CheckConstraint(condition=~Q(status=Status.NOT_APPLICABLE), name="annotation_not_applicable_is_computed"),
        ]

    def __str__(self) -> str:
        return f"{self.feature}: {self.get_status_display()}"


class Proof(models.Model):
    """Where the publication says so. A quote names the frozen section it is in (``section`` is one version of one piece).

    ``start`` and ``end`` are code-point offsets into ``section.text`` and ``exact`` the words between them; ``prefix`` and
    ``suffix`` (32 characters, W3C Web Annotation TextQuoteSelector) keep equal quotes apart.

    ``region`` is [x, y, w, h] in percent of ``figure`` (media fragments ``xywh=percent:``), ``section`` then the figure's
    caption, ``picture_sha256`` the picture it was drawn on. A cell is such words too; ``cell`` says where they stand in the
    table: {row, column (null for a whole row), row_head, column_head}, counted as in ``annotation.pieces.Cell``.
    """

    kind = models.CharField(max_length=10, choices=EvidenceKind.choices, default=EvidenceKind.QUOTE)
    section = models.ForeignKey("curation.Section", on_delete=models.PROTECT, related_name="%(class)s")
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    exact = models.TextField(blank=True)
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    figure = models.ForeignKey("curation.Figure", on_delete=models.SET_NULL, null=True, blank=True, related_name="%(class)s")
    region = models.JSONField(null=True, blank=True)
    panel = models.CharField(max_length=40, blank=True, default="")
    picture_sha256 = models.CharField(max_length=64, blank=True, default="")
    cell = models.JSONField(null=True, blank=True)
    role = models.CharField(max_length=12, choices=EvidenceRole.choices, default=EvidenceRole.OWN)
    depth = models.CharField(max_length=12, choices=Depth.choices)
    contradicts = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=EvidenceState.choices, default=EvidenceState.ANCHORED)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"“{self.exact}”" if self.exact else f"{self.figure}: {self.panel}"

    @property
    def place(self) -> tuple[object, ...]:
        """Equal for what points at the same place, whoever points there."""
        return (self.kind, self.section_id, self.start, self.end, self.figure_id, tuple(self.region or ()))

    @property
    def anchor(self) -> str:
        """Its name on a page, where evidence of more than one kind may stand."""
        return str(self.pk)


class Evidence(Proof):
    """Of a reader's answer."""

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="evidence")

    class Meta:
        verbose_name_plural = "evidence"
        ordering = ["annotation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["annotation", "section", "start", "end"],
                condition=Q(kind=EvidenceKind.QUOTE),
                name="quote_once_per_annotation",
            ),
            models.UniqueConstraint(
                fields=["annotation", "section", "start", "end"],
                condition=Q(kind=EvidenceKind.CELL),
                name="cell_once_per_annotation",
            ),
            models.UniqueConstraint(
                fields=["annotation", "figure", "region"],
                condition=Q(kind=EvidenceKind.REGION),
                name="region_once_per_annotation",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.QUOTE) | (Q(end__gt=models.F("start")) & ~Q(exact="")),
                name="quote_has_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.CELL) | (Q(end__gt=models.F("start"), cell__isnull=False) & ~Q(exact="")),
                name="cell_has_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EvidenceKind.REGION) | (Q(region__isnull=False) & ~Q(picture_sha256="")),
                name="region_has_a_place",
            ),
        ]
