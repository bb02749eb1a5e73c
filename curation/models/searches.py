"""Standing searches: a query that a project asks PubMed again and again."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from curation.choices import Role
from curation.models.base import Versioned
from curation.models.people import User
from curation.models.projects import Project


class StandingSearchQuerySet(models.QuerySet["StandingSearch"]):
    def visible_to(self, user: object) -> Self:
        """The moderators of its project; an administrator may look at all."""
        if not isinstance(user, User):
            return self.none()
        return self if user.is_administrator else self.filter(project__in=Project.objects.of_member(user, Role.MODERATOR))


class StandingSearch(Versioned):
    """``watermark``: every record that PubMed took in before this day is accounted for; it only moves when that is so.

    ``due_at`` is when it runs next, empty while it is paused; ``owner`` is who its runs act for.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="searches")
    title = models.CharField(max_length=200)
    query = models.TextField()
    every_days = models.PositiveSmallIntegerField(default=7)
    watermark = models.DateField()
    due_at = models.DateTimeField(null=True, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    trouble = models.TextField(blank=True)  # why it was paused by itself, in a sentence

    objects = StandingSearchQuerySet.as_manager()

    class Meta:
        ordering = ["project", "title", "id"]
        verbose_name_plural = "standing searches"
        constraints = [
            models.UniqueConstraint(fields=["project", "title"], name="search_title_once_per_project"),
            models.CheckConstraint(condition=Q(every_days__gte=1), name="search_at_most_daily"),
        ]
        indexes = [models.Index(fields=["due_at"], name="search_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return self.title

    @property
    def is_paused(self) -> bool:
        return self.due_at is None
