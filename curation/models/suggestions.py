"""What readers made of suggestions. The suggestions themselves are computed from the frozen text and never kept."""

from typing import Self

from django.db import models

from curation.choices import Status, SuggestionVerdict
from curation.models.annotation import Annotation, Reading


class JudgedQuerySet(models.QuerySet["Judged"]):
    def visible_to(self, user: object) -> Self:
        """As far as the reading is: so blind readers never see each other's."""
        return self.filter(reading__in=Reading.objects.visible_to(user))


class Judged(models.Model):
    """One suggestion accepted or rejected in one reading: which rule said what, on which words, and what became of it.

    ``start`` and ``end`` are code points of the section. ``annotation`` is what an accepted one was
    recorded as; null once removed.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="judged")
    patient = models.ForeignKey("curation.Patient", on_delete=models.CASCADE, related_name="+")
    feature = models.ForeignKey("curation.Feature", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("curation.Section", on_delete=models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    rule = models.CharField(max_length=120)
    status = models.CharField(max_length=20, choices=Status.choices)
    value = models.JSONField(null=True, blank=True)
    verdict = models.CharField(max_length=10, choices=SuggestionVerdict.choices)
    annotation = models.ForeignKey(Annotation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = JudgedQuerySet.as_manager()

    class Meta:
        verbose_name = "judged suggestion"
        ordering = ["reading", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reading", "patient", "feature", "section", "start", "end", "status", "value"],
                name="judged_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="judged_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_verdict_display()}"
