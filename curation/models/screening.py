"""What each screener said of an article, kept apart from what the project decided."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Q

from curation.choices import Role, ScreeningState, Verdict
from curation.models.people import User
from curation.models.projects import Project, Screening, ScreeningQuerySet


class VoteQuerySet(models.QuerySet["Vote"]):
    def standing(self) -> Self:
        """Those not taken back."""
        return self.filter(withdrawn_at=None)

    def cast(self) -> Self:
        """Those that say something; setting aside does not."""
        return self.standing().exclude(verdict=Verdict.ASIDE)

    def visible_to(self, user: object) -> Self:
        """One's own; of decided articles everybody's to the project's members; of a conflict to moderators who did not vote.

        Blindness starts here: as long as an article is not decided, nobody who voted on it or still may sees another's vote.
        """
        if not isinstance(user, User):
            return self.none()
        decided = ~Q(screening__state=ScreeningState.TO_SCREEN)
        open_to_members = decided & ~Q(verdict=Verdict.ASIDE)
        if not user.is_administrator:
            open_to_members &= Q(screening__project__in=Project.objects.of_member(user))
        in_conflict = ~Q(verdict=Verdict.ASIDE) & Q(screening__in=conflicts_for(user).values("pk"))
        return self.filter(Q(screener=user) | open_to_members | in_conflict)


class Vote(models.Model):
    """What one screener said of one article. Taken back it stays, with the time; at most one of each screener stands."""

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="votes")
    screener = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="votes")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    reason = models.CharField(max_length=200, blank=True)
    patients_described = models.PositiveSmallIntegerField(null=True, blank=True)
    cast_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = VoteQuerySet.as_manager()

    class Meta:
        ordering = ["-cast_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["screening", "screener"], condition=Q(withdrawn_at=None), name="vote_stands_once_per_screener"
            ),
            models.CheckConstraint(condition=~Q(verdict=Verdict.EXCLUDED) | ~Q(reason=""), name="vote_exclusion_has_reason"),
        ]
        indexes = [models.Index(fields=["screener", "-cast_at"], name="vote_of_screener", condition=Q(withdrawn_at=None))]

    def __str__(self) -> str:
        return f"{self.screener}: {self.get_verdict_display()}"


def conflicts_for(user: User) -> ScreeningQuerySet:
    """Articles that both screeners voted on without agreeing, for moderators who are neither of the two."""
    cast = Vote.objects.cast().order_by()
    by_two = cast.values("screening").annotate(number=Count("pk")).filter(number__gte=2).values("screening")
    rows = Screening.objects.filter(project__in=Project.objects.of_member(user, Role.MODERATOR), project__screeners_required=2)
    return rows.filter(state=ScreeningState.TO_SCREEN, pk__in=by_two).exclude(
        pk__in=cast.filter(screener=user).values("screening")
    )
