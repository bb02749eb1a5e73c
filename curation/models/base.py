"""What several tables share: a version that every write names."""

from django.db import models
from django.utils import timezone


class Versioned(models.Model):
    """A row people edit. ``version`` rises with each change; see ``curation.versions``."""

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
