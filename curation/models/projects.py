"""Projects (a question, its codebook version, its people) and what a project decided about each article."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curation.choices import MergePolicy, Role, ScreeningState, SuggestionMode
from curation.models.base import Versioned
from curation.models.people import User


def default_reasons() -> list[str]:
    return [
        "Not a case report",
        "Not the disease of this project",
        "No patient data",
        "Not available in a language we read",
    ]


class ReadingOrder(models.TextChoices):
    """Which included article a reader gets next."""

    ENTERED = "entered", _("As the articles came in")
    NEWEST = "newest", _("The latest published first")
    OLDEST = "oldest", _("The earliest published first")
    RANDOM = "random", _("In random order, the same for everybody")


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: object) -> Self:
        """Public projects, and those the person is a member of; an administrator sees all."""
        if not isinstance(user, User):
            return self.filter(is_public=True)
        if user.is_administrator:
            return self
        return self.filter(Q(is_public=True) | Q(pk__in=self._ids_of_member(user)))

    def of_member(self, user: User, *roles: str) -> Self:
        """Projects in which the person holds one of the roles (any role where none is named)."""
        return self.filter(pk__in=self._ids_of_member(user, *roles))

    def _ids_of_member(self, user: User, *roles: str) -> models.QuerySet:
        # a subquery and not a join: rows chosen this way can still be locked (FOR UPDATE knows no DISTINCT)
        rows = Membership.objects.filter(user=user)
        return (rows.filter(role__in=roles) if roles else rows).values("project")


class Project(Versioned):
    slug = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    question = models.TextField(blank=True, help_text=_("What this project asks of the literature."))
    codebook_version = models.ForeignKey("curation.CodebookVersion", on_delete=models.PROTECT, related_name="projects")
    readers_required = models.PositiveSmallIntegerField(default=1)
    is_public = models.BooleanField(default=False)
    suggestions = models.CharField(max_length=20, choices=SuggestionMode.choices, default=SuggestionMode.SHOWN)
    exclusion_reasons = ArrayField(models.CharField(max_length=200), default=default_reasons)
    criteria = models.TextField(blank=True, db_default="", default="", help_text=_("What an article must be to be included."))
    words_of_interest = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    screeners_required = models.PositiveSmallIntegerField(default=1)
    reading_order = models.CharField(max_length=10, choices=ReadingOrder.choices, default=ReadingOrder.ENTERED)
    screener_may_read = models.BooleanField(default=True)
    reading_seed = models.PositiveIntegerField(default=1, db_default=1)  # of the random order, and of draws
    most_open = models.PositiveSmallIntegerField(null=True, blank=True)  # readings one person may have open
    abandoned_after = models.PositiveSmallIntegerField(null=True, blank=True)  # days without a saved change
    merge_policy = models.CharField(max_length=20, choices=MergePolicy.choices, default=MergePolicy.TOGETHER)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=Q(readers_required__in=(1, 2)), name="project_one_or_two_readers"),
            models.CheckConstraint(condition=Q(screeners_required__in=(1, 2)), name="project_one_or_two_screeners"),
        ]

    def __str__(self) -> str:
        return self.title


class Membership(models.Model):
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="membership_once_per_project")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.project}"


class ScreeningQuerySet(models.QuerySet["Screening"]):
    def visible_to(self, user: object) -> Self:
        """Members see every decision of their project; others only what a public project included."""
        if isinstance(user, User) and user.is_administrator:
            return self
        public = Q(project__is_public=True, state=ScreeningState.INCLUDED)
        if not isinstance(user, User):
            return self.filter(public)
        return self.filter(public | Q(project__in=Project.objects.of_member(user)))

    def included(self) -> Self:
        return self.filter(state=ScreeningState.INCLUDED)


class Screening(Versioned):
    """A project's decision on one article. ``included_at`` stays when it is excluded later: its report was sought and read."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="screenings")
    article = models.ForeignKey("curation.Article", on_delete=models.PROTECT, related_name="screenings")
    state = models.CharField(max_length=20, choices=ScreeningState.choices, default=ScreeningState.TO_SCREEN)
    reason = models.CharField(max_length=200, blank=True)
    patients_described = models.PositiveSmallIntegerField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    included_at = models.DateTimeField(null=True, blank=True)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "article"], name="screening_once_per_article"),
            models.CheckConstraint(
                condition=~Q(state=ScreeningState.EXCLUDED) | ~Q(reason=""), name="screening_exclusion_has_reason"
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "id"], name="screening_queue")]

    def __str__(self) -> str:
        return f"{self.project}: {self.article} {self.get_state_display()}"
