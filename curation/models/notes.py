"""What a moderator asks the reader of a reading that was sent back, and what the reader answers."""

from typing import Self

from django.conf import settings
from django.db import models

from curation.models.annotation import Reading
from curation.models.base import Versioned


class ReadingNoteQuerySet(models.QuerySet["ReadingNote"]):
    def visible_to(self, user: object) -> Self:
        return self.filter(reading__in=Reading.objects.visible_to(user))

    def open(self) -> Self:
        """Those of the last return: not settled by a ruling since."""
        return self.filter(resolved_at=None)

    def unanswered(self) -> Self:
        return self.open().filter(answered_at=None)


class ReadingNote(Versioned):
    """One question about one reading; of a patient and a feature where they are named. The next ruling settles it."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="notes")
    patient = models.ForeignKey("curation.Patient", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    feature = models.ForeignKey("curation.Feature", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReadingNoteQuerySet.as_manager()

    class Meta:
        ordering = ["reading", "id"]
        verbose_name = "note"

    def __str__(self) -> str:
        return f"{self.feature or self.patient or self.reading}: {self.text[:60]}"
