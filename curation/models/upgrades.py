"""That a project moved to another version of its codebook, and the values that its mapping left for a person."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q

from curation.choices import Role, UnmovedState
from curation.models.annotation import Annotation, Reading
from curation.models.base import Versioned
from curation.models.people import User
from curation.models.projects import Project
from curation.models.review import Finding


class UpgradeQuerySet(models.QuerySet["Upgrade"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(project__in=Project.objects.visible_to(user))


class Upgrade(models.Model):
    """One move; rows are only added. The counts are of published values only: how many a blind reader recorded is theirs."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="upgrades")
    before = models.ForeignKey("curation.CodebookVersion", on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey("curation.CodebookVersion", on_delete=models.PROTECT, related_name="+")
    carried = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    left = models.PositiveIntegerField()
    readings = models.PositiveIntegerField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(auto_now_add=True)

    objects = UpgradeQuerySet.as_manager()

    class Meta:
        verbose_name = "move to a codebook version"
        verbose_name_plural = "moves to a codebook version"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.project}: {self.before} → {self.after.version}"


class UnmovedQuerySet(models.QuerySet["Unmoved"]):
    def visible_to(self, user: object) -> Self:
        """Published values for the project's moderators; a reading's for whoever may see the reading."""
        if not isinstance(user, User):
            return self.none()
        moderated = Project.objects.all() if user.is_administrator else Project.objects.of_member(user, Role.MODERATOR)
        published = Q(finding__isnull=False, upgrade__project__in=moderated)
        return self.filter(published | Q(annotation__reading__in=Reading.objects.visible_to(user)))

    def open(self) -> Self:
        return self.filter(state=UnmovedState.OPEN)

    def of_reading(self, reading: Reading | OuterRef) -> Self:
        return self.filter(annotation__reading=reading)


class Unmoved(Versioned):
    """A value that the new version cannot hold as it was: published (``finding``) or in a reading (``annotation``).

    It stays as it was, out of every count, with its evidence. ``outcome`` is the finding entered in its place; where a reader
    answered anew, the annotation itself says so.
    """

    upgrade = models.ForeignKey(Upgrade, on_delete=models.PROTECT, related_name="unmoved")
    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="unmoved")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, null=True, blank=True, related_name="unmoved")
    why = models.TextField()
    state = models.CharField(max_length=20, choices=UnmovedState.choices, default=UnmovedState.OPEN)
    answer = models.TextField(blank=True)
    outcome = models.OneToOneField(Finding, on_delete=models.PROTECT, null=True, blank=True, related_name="entered_for")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = UnmovedQuerySet.as_manager()

    class Meta:
        verbose_name = "value to settle"
        verbose_name_plural = "values to settle"
        ordering = ["upgrade", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False, annotation__isnull=True) | Q(finding__isnull=True, annotation__isnull=False),
                name="unmoved_finding_or_annotation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.said}: {self.why}"

    @property
    def said(self) -> Finding | Annotation:
        found = self.finding or self.annotation
        assert found is not None  # by the constraint
        return found
