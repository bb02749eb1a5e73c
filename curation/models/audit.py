"""The audit trail: one row per changed row of a curated table, written by triggers, never altered."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from curation.models.people import User

#: The curated tables: a trigger on each writes the trail and refuses a change that names no actor (from migration 0002 on).
#: Triggers and not signals, so that bulk and raw SQL are seen too. Imported text is not here: its provenance is the batch.
AUDITED = (
    "project",
    "membership",
    "screening",
    "codebook",
    "codebookversion",
    "feature",
    "patient",
    "patientreport",
    "patientmerge",
    "samepatient",
    "reading",
    "readingpatient",
    "annotation",
    "evidence",
    "ruling",
    "finding",
    "findingsource",
    "rule",
    "cohort",
    "vote",
    "readingnote",
    "judged",
    "standingsearch",
    "proposal",
    "proposalquote",
    "flag",
    "reevaluation",
    "adjudication",
    "pairing",
    "decision",
    "decisionevidence",
    "batchact",
    "upgrade",
    "unmoved",
    "user",
)

#: Columns that the trail leaves out, as it keeps what it keeps for ever: secrets, when somebody was last here, where to write
#: to them. Of people it tells who made, named, opened and closed an account and who made somebody an administrator.
UNTOLD = {"user": ("password", "last_login", "email")}

ANNOTATION, EVIDENCE = "curation_annotation", "curation_evidence"
#: What else is a reading's own, though its rows may be gone.
READING_PARTS = ("curation_readingpatient", "curation_readingnote")
MEMBERSHIP = "curation_membership"


def annotated(column: str) -> Cast:
    """A number of the annotation (or another row) that an event is about, as it is or, where it is gone, as it was."""
    return Cast(KeyTextTransform(column, Coalesce("after", "before")), models.BigIntegerField())


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def of_row(self, table: str, row_id: int) -> Self:
        return self.filter(table=table, row_id=row_id)

    def of_reading(self, reading_id: int | OuterRef) -> Self:
        """What became of the reading's annotations, those that are gone as well."""
        return self.filter(table=ANNOTATION).alias(reading=annotated("reading_id")).filter(reading=reading_id)

    def of_places(self, reading_id: int, places: Iterable[tuple[int, int, int]]) -> Self:
        """The same of the values at these places: feature, patient and instance."""
        columns = ("feature_id", "patient_id", "instance")
        there = [Q(**dict(zip(columns, place, strict=True))) for place in places]
        return self.of_reading(reading_id).alias(**{name: annotated(name) for name in columns}).filter(reduce(or_, there))

    def acts(self, reading_id: int) -> models.QuerySet["AuditEvent", tuple[int, str, datetime, int]]:
        """The same as transaction, verb, time and feature."""
        return self.of_reading(reading_id).values_list("transaction", "verb", "at", annotated("feature_id"))

    def visible_to(self, user: object) -> Self:
        """The trail shows every project's rows, so only an administrator sees it whole."""
        return self if isinstance(user, User) and user.is_administrator else self.none()


class AuditEvent(models.Model):
    """``before`` and ``after`` are the whole row as JSON; ``verb`` is the action (reading.submit) and ``reason`` its why.

    ``actor_id`` is no foreign key: the trail outlives the account. Rows of one ``transaction`` were one act.
    """

    at = models.DateTimeField()
    transaction = models.BigIntegerField(db_index=True)
    actor_id = models.BigIntegerField()
    verb = models.CharField(max_length=100)
    reason = models.TextField(blank=True)
    table = models.CharField(max_length=63)
    operation = models.CharField(max_length=6)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["table", "row_id", "id"], name="audit_of_row"),
            models.Index(annotated("reading_id"), F("id"), name="audit_of_reading", condition=Q(table=ANNOTATION)),
            models.Index(annotated("reading_id"), name="audit_of_reading_parts", condition=Q(table__in=READING_PARTS)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.table} {self.row_id}"


class AuditSeal(models.Model):
    """Seals every event up to ``last_event`` since the seal before; rows are only ever added, by the database itself.

    ``digest`` is the SHA-256 of the previous digest and of each event's own, in hex: whoever alters one event has to alter
    every later seal, and the heads that were kept outside of the database.
    """

    sealed_at = models.DateTimeField()
    first_event = models.BigIntegerField()
    last_event = models.BigIntegerField(unique=True)
    events = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"seal {self.pk} {self.digest[:12]}"
