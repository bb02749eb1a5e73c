"""What several tables share: a version that every write names, and the trigger that keeps the audit trail."""

import pgtrigger
from django.db import models
from django.utils import timezone


class Versioned(models.Model):
    """A row people edit. ``version`` rises with each change; see ``curation.versions``."""

    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


def audited() -> pgtrigger.Trigger:
    """The trigger that writes one ``AuditEvent`` per changed row, and refuses a change that names no actor.

    A trigger and not a signal, so that bulk and raw SQL are seen too. The function it calls is made by migration 0001.
    """
    return pgtrigger.Trigger(
        name="audited",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            PERFORM curation_audit_row(
                TG_TABLE_NAME::text, TG_OP::text,
                CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END,
                CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END);
            RETURN NULL;
        """,
    )
