"""Imports: a batch and each record it was asked for. These rows are the work; the broker only rings for them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from curation.choices import ITEM_OPEN, BatchKind, BatchState, ItemState
from curation.models.people import User
from curation.models.projects import Project


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, user: object) -> Self:
        """Whoever opened it, and the members of the project it brings records to."""
        if not isinstance(user, User):
            return self.none()
        if user.is_administrator:
            return self
        return self.filter(Q(opened_by=user) | Q(project__in=Project.objects.of_member(user)))

    def unfinished(self) -> Self:
        return self.filter(state__in=(BatchState.WAITING, BatchState.RUNNING))


class Batch(models.Model):
    """``seen`` is how many records the source held; it must equal the items that ended, which ``accounting`` counts.

    It is empty as long as PubMed was not asked yet which records a query means. ``prompted_by`` is the import
    whose articles this one fetches the full texts of. ``serial`` orders PubMed's baseline and update files as they were
    published, whichever is worked off first.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="batches")
    kind = models.CharField(max_length=10, choices=BatchKind.choices)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.WAITING)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    seen = models.PositiveIntegerField(null=True, blank=True)
    file_name = models.CharField(max_length=300, blank=True)
    file_path = models.CharField(max_length=500, blank=True)  # relative to MEDIA_ROOT
    file_sha256 = models.CharField(max_length=64, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)  # place among PubMed's numbered files, by its name
    query = models.TextField(blank=True)
    search = models.ForeignKey("curation.StandingSearch", on_delete=models.SET_NULL, null=True, blank=True, related_name="runs")
    attempts = models.PositiveSmallIntegerField(default=0)  # at finding out which records a query means
    due_at = models.DateTimeField(null=True, blank=True)  # when that is tried again
    wants_full_text = models.BooleanField(default=False)  # whether full texts are fetched of what it brings
    prompted_by = models.OneToOneField("self", on_delete=models.CASCADE, null=True, blank=True, related_name="prompted")
    trouble = models.TextField(blank=True)  # why the whole batch could not go on, in a sentence

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"Import {self.pk}: {self.title}"


class BatchAct(models.Model):
    """That a person opened or steered an import; who it was, when, and what they did stand in the audit trail of this row."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="acts")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"of {self.batch}"


class BatchItemQuerySet(models.QuerySet["BatchItem"]):
    def open(self) -> Self:
        return self.filter(state__in=ITEM_OPEN)


class BatchItem(models.Model):
    """One record asked for. ``attempts`` is raised before the work begins, so that a record that kills its worker is
    quarantined after three tries. ``offset`` is the byte at which the record starts in the (uncompressed) file."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="items", db_index=False)  # its key has it
    position = models.PositiveIntegerField()
    identifier = models.CharField(max_length=300, blank=True)
    pmid = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ItemState.choices, default=ItemState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.TextField(blank=True)
    offset = models.BigIntegerField(null=True, blank=True)
    raw = models.BinaryField(null=True, blank=True)  # the refused bytes, zlib-compressed
    article = models.ForeignKey("curation.Article", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = BatchItemQuerySet.as_manager()

    class Meta:
        ordering = ["batch", "position"]
        constraints = [models.UniqueConstraint(fields=["batch", "position"], name="item_position_once")]
        indexes = [
            models.Index(fields=["batch", "state"], name="item_by_state"),
            models.Index(fields=["pmid"], name="item_deleted", condition=Q(state=ItemState.DELETED)),
            models.Index(fields=["due_at"], name="item_open", condition=Q(state__in=[ItemState.WAITING, ItemState.RUNNING])),
        ]

    def __str__(self) -> str:
        return f"{self.identifier or self.position}: {self.get_state_display()}"
