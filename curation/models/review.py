"""What became of readings: rulings (append-only decisions) and the findings they made."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from curation.choices import FindingState, RulingKind
from curation.models.annotation import ValueFields
from curation.models.base import Versioned
from curation.models.projects import Project


class Ruling(models.Model):
    """A moderator's decision; rows are only ever added."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rulings")
    article = models.ForeignKey("curation.Article", on_delete=models.PROTECT, related_name="rulings")
    reading = models.ForeignKey("curation.Reading", on_delete=models.PROTECT, null=True, blank=True, related_name="rulings")
    kind = models.CharField(max_length=20, choices=RulingKind.choices)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rulings")
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.moderator}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))

    def published(self) -> Self:
        return self.filter(state=FindingState.PUBLISHED)


class Finding(ValueFields, Versioned):
    """The settled, public answer for one patient and feature.

    A recorded one names the ruling and the annotations it came from, and the ``decision`` where two readings differed; a
    derived one names the ``rule`` and its version, and keeps in ``explanation`` {inputs: [...], missing: [...], case: str}
    what it was computed from.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="findings")
    patient = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, related_name="findings")
    feature = models.ForeignKey("curation.Feature", on_delete=models.PROTECT, related_name="findings")
    instance = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=FindingState.choices, default=FindingState.PUBLISHED)
    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    retraction = models.ForeignKey(Ruling, on_delete=models.PROTECT, null=True, blank=True, related_name="retracted")
    rule = models.ForeignKey("curation.Rule", on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    decision = models.ForeignKey("curation.Decision", on_delete=models.PROTECT, null=True, blank=True, related_name="findings")
    explanation = models.JSONField(default=dict, blank=True)
    annotations = models.ManyToManyField("curation.Annotation", through="FindingSource", related_name="findings")
    accepted = models.ManyToManyField("curation.Proposal", through="FindingSource", related_name="+")
    published_at = models.DateTimeField(auto_now_add=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["patient", "feature__position", "instance"]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "feature", "instance"],
                condition=Q(state=FindingState.PUBLISHED),
                name="finding_published_once",
            ),
            models.CheckConstraint(
                condition=Q(ruling__isnull=False, rule__isnull=True) | Q(ruling__isnull=True, rule__isnull=False),
                name="finding_from_ruling_or_rule",
            ),
            models.CheckConstraint(
                condition=Q(state=FindingState.RETRACTED, retraction__isnull=False)
                | (~Q(state=FindingState.RETRACTED) & Q(retraction__isnull=True)),
                name="finding_retracted_by_ruling",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "feature", "status"],
                name="finding_by_feature",
                condition=Q(state=FindingState.PUBLISHED),
            )
        ]

    def __str__(self) -> str:
        return f"{self.feature}: {self.get_status_display()}"


class FindingSource(models.Model):
    """What a finding was made from: an annotation, or an accepted proposal, whose quotes prove it as well."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="sources")
    annotation = models.ForeignKey(
        "curation.Annotation", on_delete=models.PROTECT, null=True, blank=True, related_name="finding_sources"
    )
    proposal = models.ForeignKey(
        "curation.Proposal", on_delete=models.PROTECT, null=True, blank=True, related_name="finding_sources"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["finding", "annotation"], name="finding_source_once"),
            models.UniqueConstraint(fields=["finding", "proposal"], name="finding_proposal_once"),
            models.CheckConstraint(
                condition=Q(annotation__isnull=False, proposal__isnull=True) | Q(annotation__isnull=True, proposal__isnull=False),
                name="finding_source_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding} from {self.annotation or self.proposal}"


class Rule(models.Model):
    """A named, versioned rule that derives a feature's value from findings; never edited, only followed by a new version.

    ``definition`` is the rule file's text as data; ``verified`` says whether its wording was checked against the source
    named in ``reference``.
    """

    codebook = models.ForeignKey("curation.Codebook", on_delete=models.PROTECT, related_name="rules")
    slug = models.SlugField()
    version = models.CharField(max_length=20)
    derives = models.SlugField(max_length=80)
    title = models.CharField(max_length=300)
    reference = models.TextField(blank=True)
    verified = models.BooleanField(default=False)
    definition = models.JSONField()
    sha256 = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["codebook", "slug", "-id"]
        constraints = [models.UniqueConstraint(fields=["codebook", "slug", "version"], name="rule_version_once")]

    def __str__(self) -> str:
        return f"{self.slug} {self.version}"
