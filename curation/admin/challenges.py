"""Proposals, flags and re-evaluations; the verbs of moderators."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from curation.admin.acting import Act
from curation.admin.forms import Answer, Reason, Remark
from curation.admin.looking import Look
from curation.challenges import actions
from curation.models import Flag, Proposal, ProposalQuote, Reevaluation, User


def accept(row: Proposal, *, version: int | None, reason: str, by: User) -> object:
    return actions.accept(proposal_id=row.pk, version=version, reason=reason, by=by)


def reject(row: Proposal, *, version: int | None, reason: str, by: User) -> object:
    return actions.reject(proposal_id=row.pk, version=version, reason=reason, by=by)


def resolve(row: Flag, *, version: int | None, answer: str, by: User) -> object:
    return actions.resolve(flag_id=row.pk, version=version, answer=answer, by=by)


@admin.register(Proposal)
class Proposals(Look):
    to_project = "project"
    list_display = ("finding", "field", "new", "state", "proposed_by", "created_at")
    list_filter = ("state", "field", "project")
    list_select_related = ("finding__feature", "proposed_by")
    search_fields = ("reason", "finding__feature__label", "=finding__ruling__article__pmid")
    acts = (Act("accept", _("Accept"), accept, Remark), Act("reject", _("Reject"), reject, Reason))


@admin.register(ProposalQuote)
class ProposalQuotes(Look):
    called = _("Quotes of proposals")
    to_project = "proposal__project"
    list_display = ("proposal", "exact")
    list_select_related = ("proposal__finding__feature",)


@admin.register(Flag)
class Flags(Look):
    to_project = "project"
    list_display = ("finding", "text", "state", "raised_by", "created_at")
    list_filter = ("state", "project")
    list_select_related = ("finding__feature", "raised_by")
    search_fields = ("text", "finding__feature__label")
    acts = (Act("resolve", _("Resolve"), resolve, Answer),)


@admin.register(Reevaluation)
class Reevaluations(Look):
    called = _("Re-evaluations")
    to_project = "project"
    list_display = ("article", "stands", "reason", "decided_by", "created_at")
    list_filter = ("stands", "project")
    list_select_related = ("article", "decided_by")
