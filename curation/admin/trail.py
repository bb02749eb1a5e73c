"""The whole audit trail, for administrators."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.models import AuditEvent, AuditSeal, Membership

#: What a reader must not learn of another's reading, nor a screener of another's vote. The rows themselves show their own trail
#: to whoever may see them.
BLIND = [
    f"curation_{name}"
    for name in (
        *("reading", "readingpatient", "readingnote", "annotation", "evidence", "judged", "patient", "patientmerge"),
        *("patientreport", "vote", "ruling", "adjudication", "pairing", "decision", "decisionevidence"),
    )
]


@admin.register(AuditEvent)
class AuditEvents(Look):
    called = _("Changes")
    administrators_only = True
    list_display = ("at", "verb", "table", "row_id", "operation", "actor_id", "reason")
    list_filter = ("operation", "table")
    search_fields = ("verb", "reason", "=row_id")

    def get_queryset(self, request: SignedIn) -> QuerySet[AuditEvent]:
        rows = super().get_queryset(request)
        takes_part = Membership.objects.filter(user=request.user).exists()
        return rows.exclude(table__in=BLIND) if takes_part else rows


@admin.register(AuditSeal)
class AuditSeals(Look):
    called = _("Seals")
    administrators_only = True
    list_display = ("sealed_at", "first_event", "last_event", "events", "digest")
    search_fields = ("digest",)
