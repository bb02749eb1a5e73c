"""Cohorts: saved, versioned questions over findings."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from curation.models.base import Versioned
from curation.models.people import User
from curation.models.projects import Project


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: object) -> Self:
        rows = self.filter(project__in=Project.objects.visible_to(user))
        if isinstance(user, User):
            return rows.filter(Q(is_public=True) | Q(owner=user))
        return rows.filter(is_public=True)


class Cohort(Versioned):
    """``question`` is the text of the question language, normalised; see ``curation.cohorts.language``."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="cohorts")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    question = models.TextField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cohorts")
    is_public = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["project", "title"]
        constraints = [models.UniqueConstraint(fields=["project", "slug"], name="cohort_slug_once_per_project")]

    def __str__(self) -> str:
        return self.title


class CohortWatch(models.Model):
    """That a person, beside its owner, wants to be told when a cohort's answer changes."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "user"], name="cohort_watched_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.cohort}"


class CohortStanding(models.Model):
    """The answer to a cohort's ``question`` when it was looked at last, so that the next look can say what changed.

    ``patients``: ids of those who answered it; ``retracted``: ids of the retracted articles that describe them.
    """

    cohort = models.OneToOneField(Cohort, on_delete=models.CASCADE, related_name="standing")
    question = models.TextField()
    patients = models.JSONField(default=list)
    retracted = models.JSONField(default=list)
    looked_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.cohort}: {len(self.patients)} on {self.looked_on}"
