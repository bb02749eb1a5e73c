"""Moves to another codebook version, and the values they left for a person."""

from django.contrib import admin
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from curation.admin.acting import Act
from curation.admin.forms import Reason, SayAnew
from curation.admin.looking import Look
from curation.admin.requests import SignedIn
from curation.models import Unmoved, Upgrade, User
from curation.upgrades import actions


def dismiss(row: Unmoved, *, version: int | None, reason: str, by: User) -> object:
    return actions.dismiss(unmoved_id=row.pk, version=version, reason=reason, by=by)


def enter(row: Unmoved, *, version: int | None, feature: str, status: str, value: str, reason: str, by: User) -> object:
    return actions.enter(
        unmoved_id=row.pk, version=version, feature_slug=feature, status=status, value=value or None, reason=reason, by=by
    )


@admin.register(Upgrade)
class Upgrades(Look):
    to_project = "project"
    list_display = ("project", "before", "after", "carried", "changed", "left", "readings", "moved_by", "moved_at")
    list_filter = ("project",)
    list_select_related = ("project", "before__codebook", "after__codebook", "moved_by")
    search_fields = ("project__title", "after__version")


@admin.register(Unmoved)
class UnmovedValues(Look):
    """As far as blindness allows."""

    list_display = ("__str__", "upgrade", "state", "decided_by", "decided_at")
    list_filter = ("state", "upgrade__project")
    list_select_related = (
        *("upgrade__project", "upgrade__before__codebook", "upgrade__after", "decided_by"),
        *("finding__feature", "annotation__feature"),
    )
    search_fields = ("why", "finding__feature__label", "annotation__feature__label")
    acts = (Act("enter", _("Say it anew"), enter, SayAnew), Act("dismiss", _("Dismiss"), dismiss, Reason))

    def get_queryset(self, request: SignedIn) -> QuerySet[Unmoved]:
        return super().get_queryset(request).filter(pk__in=Unmoved.objects.visible_to(request.user))
