"""What a moderator settles where two blind readings of an article differ: who is who, and what holds."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from curation.choices import Outcome, Role
from curation.models.annotation import Proof, Reading, ValueFields
from curation.models.base import Versioned
from curation.models.people import User
from curation.models.projects import Project


class AdjudicationQuerySet(models.QuerySet["Adjudication"]):
    def visible_to(self, user: object) -> Self:
        """For the project's moderators who did not read the article themselves: a reader learns of it once it is published."""
        if not isinstance(user, User):
            return self.none()
        own = Reading.objects.filter(curator=user, project=OuterRef("project"), article=OuterRef("article"))
        return self.filter(~Exists(own), project__in=Project.objects.of_member(user, Role.MODERATOR))


class Adjudication(Versioned):
    """That of one article in one project, begun with the first thing decided and kept for every later one."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="adjudications")
    article = models.ForeignKey("curation.Article", on_delete=models.PROTECT, related_name="adjudications")

    objects = AdjudicationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["project", "article"], name="adjudication_once_per_article")]

    def __str__(self) -> str:
        return f"{self.project}: {self.article}"


class Pairing(models.Model):
    """That the two readings describe the same person under two names, or, without ``other``, that only one of them does."""

    adjudication = models.ForeignKey(Adjudication, on_delete=models.CASCADE, related_name="pairings")
    patient = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)
    paired_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    paired_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["adjudication", "id"]
        constraints = [
            models.UniqueConstraint(fields=["adjudication", "patient"], name="pairing_once_per_patient"),
            models.UniqueConstraint(fields=["adjudication", "other"], name="pairing_once_per_other"),
            models.CheckConstraint(
                condition=Q(other__isnull=False) & ~Q(patient=F("other")) | Q(other=None) & ~Q(reason=""),
                name="pairing_of_two_or_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient} = {self.other}" if self.other_id else f"{self.patient} alone"


class Decision(ValueFields):
    """What was decided of one patient and feature. Until ``ruling`` published it, it may be changed; then it stays as it is.

    The fields of a value hold the answer that was decided, empty (with an empty status) where neither reading holds.
    ``basis`` is what each reading said then, by its id: {status, value, qualifiers}, null where it said nothing.
    """

    adjudication = models.ForeignKey(Adjudication, on_delete=models.CASCADE, related_name="decisions")
    patient = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, related_name="+")
    feature = models.ForeignKey("curation.Feature", on_delete=models.PROTECT, related_name="+")
    instance = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    followed = models.ForeignKey(Reading, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    basis = models.JSONField(default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    ruling = models.ForeignKey("curation.Ruling", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")

    class Meta:
        ordering = ["adjudication", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["adjudication", "patient", "feature", "instance"],
                condition=Q(ruling=None),
                name="decision_open_once_per_place",
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.FOLLOWED, followed__isnull=False)
                | (~Q(outcome=Outcome.FOLLOWED) & Q(followed__isnull=True)),
                name="decision_follows_a_reading",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.feature}: {self.get_outcome_display()}"

    @property
    def proofs(self) -> list["DecisionEvidence"]:
        """Only a third answer has evidence of its own; the others rest on the readings'."""
        return list(self.evidence.all()) if self.outcome == Outcome.THIRD else []


class DecisionEvidence(Proof):
    """Of a moderator's third answer."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="evidence")

    class Meta:
        verbose_name_plural = "evidence of decisions"
        ordering = ["decision", "id"]

    @property
    def anchor(self) -> str:
        return f"decided-{self.pk}"
