"""Challenges to published findings: proposals, flags, and what was decided about an article that a notice called in question."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from curation.choices import Depth, EvidenceKind, FlagState, ProposalField, ProposalState, Role
from curation.models.annotation import Evidence
from curation.models.base import Versioned
from curation.models.people import User
from curation.models.projects import Project


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, user: object) -> Self:
        """Members see what is proposed in their project; a proposer sees their own, whatever they belong to now."""
        if not isinstance(user, User):
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(Q(project__in=Project.objects.of_member(user)) | Q(proposed_by=user))

    def open(self) -> Self:
        return self.filter(state=ProposalState.OPEN)


class Proposal(Versioned):
    """A suggested change of one field of a published finding. ``new`` is the field's new content, normalised as findings are:
    a status, a value (of ``ValueFields``), or a comment. ``outcome`` is the finding that its acceptance made."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="proposals")
    finding = models.ForeignKey("curation.Finding", on_delete=models.PROTECT, related_name="proposals")
    field = models.CharField(max_length=20, choices=ProposalField.choices)
    new = models.JSONField()
    reason = models.TextField()
    state = models.CharField(max_length=20, choices=ProposalState.choices, default=ProposalState.OPEN)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.OneToOneField(
        "curation.Finding", on_delete=models.PROTECT, null=True, blank=True, related_name="made_by_proposal"
    )

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.ACCEPTED, outcome__isnull=False)
                | (~Q(state=ProposalState.ACCEPTED) & Q(outcome__isnull=True)),
                name="proposal_accepted_has_outcome",
            ),
            models.UniqueConstraint(
                fields=["finding", "field", "proposed_by"], condition=Q(state=ProposalState.OPEN), name="proposal_open_once"
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "id"], name="proposal_queue")]

    def __str__(self) -> str:
        return f"{self.get_field_display()} of {self.finding}"


class ProposalQuote(models.Model):
    """Where the publication says what a proposal says; a verified quote, as ``Evidence`` keeps them."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="quotes")
    section = models.ForeignKey("curation.Section", on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    depth = models.CharField(max_length=12, choices=Depth.choices)

    class Meta:
        ordering = ["proposal", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "section", "start", "end"], name="proposal_quote_once"),
            models.CheckConstraint(condition=Q(end__gt=models.F("start")) & ~Q(exact=""), name="proposal_quote_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"“{self.exact}”"

    @property
    def as_evidence(self) -> Evidence:
        """The same among a finding's other evidence. No row of that table: its key is below nothing, and it is never saved."""
        names = ("section", "start", "end", "exact", "prefix", "suffix", "depth")
        return Evidence(pk=-self.pk, kind=EvidenceKind.QUOTE, **{name: getattr(self, name) for name in names})


class FlagQuerySet(models.QuerySet["Flag"]):
    def visible_to(self, user: object) -> Self:
        """For the project's moderators, and for whoever raised it."""
        if not isinstance(user, User):
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(Q(project__in=Project.objects.of_member(user, Role.MODERATOR)) | Q(raised_by=user))


class Flag(Versioned):
    """“Something is wrong here”, by anybody signed in."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="flags")
    finding = models.ForeignKey("curation.Finding", on_delete=models.PROTECT, related_name="flags")
    text = models.TextField()
    state = models.CharField(max_length=20, choices=FlagState.choices, default=FlagState.OPEN)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="flags")
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [models.Index(fields=["project", "state", "id"], name="flag_queue")]

    def __str__(self) -> str:
        return f"{self.finding}: {self.text[:60]}"


class Reevaluation(models.Model):
    """That a moderator looked at an article's findings in the light of its notices, and what they decided; rows are only added.

    ``notices`` are those they knew: [[kind, PMID or source], ...]; a later one asks again.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reevaluations")
    article = models.ForeignKey("curation.Article", on_delete=models.PROTECT, related_name="reevaluations")
    notices = models.JSONField(default=list)
    stands = models.BooleanField()
    reason = models.TextField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.article}: {'stands' if self.stands else 'retracted'}"
