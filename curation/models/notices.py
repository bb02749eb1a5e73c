"""What people are told of, on the site and by e-mail; and what is remembered of a cohort to tell that its answer changed."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curation.choices import DigestState
from curation.models.annotation import Reading
from curation.models.challenges import Flag, Proposal
from curation.models.cohorts import Cohort
from curation.models.notes import ReadingNote
from curation.models.people import User
from curation.models.projects import Project


class NoticeKind(models.TextChoices):
    """What people are told of; by these they choose what they want by e-mail."""

    ASSIGNED = "assigned", _("You were given something to read")
    RETURNED = "returned", _("A reading came back to you")
    ANSWERED = "answered", _("Somebody answered you")
    CORRECTED = "corrected", _("It was decided against what you recorded")
    DECIDED = "decided", _("Your proposal was decided")
    COHORT = "cohort", _("A cohort’s answer changed")


class Every(models.TextChoices):
    DAY = "day", _("Once a day")
    WEEK = "week", _("Once a week")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: object) -> Self:
        """One's own, as far as what they are about is open to the person now: whoever left a private project, or has lost a
        reading, is told nothing of it any longer; whoever reads an article blind learns nothing of its other reader."""
        if not isinstance(user, User):
            return self.none()
        return self.filter(
            Q(reading=None) | Q(reading__curator=user),
            Q(note=None) | Q(note__in=ReadingNote.objects.visible_to(user)),
            Q(proposal=None) | Q(proposal__in=Proposal.objects.visible_to(user)),
            Q(flag=None) | Q(flag__in=Flag.objects.visible_to(user)),
            Q(cohort=None) | Q(cohort__in=Cohort.objects.visible_to(user)),
            receiver=user,
            project__in=Project.objects.visible_to(user),
        )

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """That somebody did something which concerns ``receiver``; what is said of it is composed when it is read.

    ``verb`` is the act (see ``curation.notices.wording``), ``act`` names what it was done to, so that nobody is told twice. One
    of ``reading`` (the receiver's own), ``note``, ``ruling``, ``proposal``, ``flag`` and ``cohort`` is set. ``details`` of a
    cohort: {before, after: int; joined, left, retracted: [article ids]}. Nobody acted (``actor``) where the site found it out.
    """

    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    verb = models.CharField(max_length=100)
    act = models.CharField(max_length=100)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    note = models.ForeignKey(ReadingNote, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    ruling = models.ForeignKey("curation.Ruling", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    details = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    digest = models.ForeignKey("curation.Digest", on_delete=models.SET_NULL, null=True, blank=True, related_name="notifications")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["receiver", "verb", "act"], name="notification_once_per_act")]
        indexes = [
            models.Index(fields=["receiver", "-id"], name="notification_of_receiver"),
            models.Index(fields=["receiver"], name="notification_unread", condition=Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} to {self.receiver}"


class MailChoice(models.Model):
    """What a person wants to be told by e-mail, where and how often. Without a row, without ``kinds``, or as long as whoever
    reads the mail of ``address`` has not said that it is theirs (``verified``): nothing."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice")
    address = models.EmailField(blank=True)
    kinds = ArrayField(models.CharField(max_length=12, choices=NoticeKind.choices), default=list, blank=True)
    every = models.CharField(max_length=6, choices=Every.choices, default=Every.DAY)
    verified = models.EmailField(blank=True, default="", db_default="")  # the address that was proven last
    link_at = models.DateTimeField(null=True, blank=True)  # when a link to prove it was sent last
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.get_every_display()}"

    @property
    def is_verified(self) -> bool:
        return bool(self.address) and self.verified == self.address


class Digest(models.Model):
    """One e-mail: what was unread of a period that is over. Claimed before it is sent, so that it never goes out twice.

    ``period`` is a day (2026-11-22) or a week (2026-W47). ``trouble`` says why it was not sent, or not yet.
    """

    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    period = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=DigestState.choices, default=DigestState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    made_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["receiver", "period"], name="digest_once_per_period")]
        indexes = [models.Index(fields=["due_at"], name="digest_due", condition=Q(state=DigestState.WAITING))]

    def __str__(self) -> str:
        return f"{self.period} to {self.receiver}"
