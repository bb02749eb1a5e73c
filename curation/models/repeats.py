"""Answers to writes that may be asked for again."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone


class Repeat(models.Model):
    """What a write was answered, by the key that its sender gave it; ``digest`` is of what was sent, ``rights`` what its sender
    was then: “active”, “administrator”, and their roles as “project:role”."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    answer = models.JSONField(encoder=DjangoJSONEncoder)
    rights = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="repeat_once_per_key")]

    def __str__(self) -> str:
        return self.key
