"""Pages of challenges: propose a change and decide on it, flag, look again at what a notice calls in question."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curation.articles import queries as articles
from curation.challenges import actions, queries
from curation.choices import RECORDABLE_CHOICES, ProposalField
from curation.codebook.queries import spec
from curation.errors import Refusal
from curation.people import queries as people
from curation.review import queries as review
from curation.web.feature_form import value_in
from curation.web.forms import version_of
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_safe
def overview(request: SignedIn, slug: str) -> HttpResponse:
    """What waits, then what was decided: proposals for all members, flags and re-evaluations for moderators."""
    project = people.project(request.user, slug)
    context = {"project": project, "shown": queries.overview(request.user, project)}
    return render(request, "challenges/overview.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: SignedIn, pk: int) -> HttpResponse:
    """The form; sent, the proposal. What is refused comes back with what was typed."""
    if request.method != "POST":
        return _form(request, pk)
    finding = review.finding(request.user, pk)
    in_place(request, lambda refusal: _form(request, pk, refusal))
    field = request.POST.get("field", "")
    quotes = [queries.quote_found(finding, words) for words in request.POST.getlist("quote") if words.strip()]
    made = actions.propose(
        finding_id=pk,
        field=field,
        new=value_in(request.POST, finding.feature.value_type) if field == "value" else request.POST.get(field, ""),
        reason=request.POST.get("reason", ""),
        quotes=quotes,
        by=request.user,
    )
    messages.success(request, _("Your proposal waits for a moderator."))
    return redirect("web:proposal", made.pk)


def _form(request: SignedIn, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    shown = review.finding_page(request.user, pk)
    of = spec(shown.finding.feature)
    context = {
        "shown": shown,
        "spec": of,
        "options": shown.finding.feature.options.all(),
        "fields": [choice for choice in ProposalField.choices if of.has_value or choice[0] != ProposalField.VALUE],
        "statuses": RECORDABLE_CHOICES,
        "typed": request.POST,
        "quotes": [words for words in request.POST.getlist("quote") if words.strip()] or [""],
        "refusal": refusal,
    }
    return render(request, "challenges/propose.html", context, status=refusal.status if refusal else 200)


@login_required
@require_safe
def proposal(request: SignedIn, pk: int) -> HttpResponse:
    return render(request, "challenges/proposal.html", {"shown": queries.proposal_page(request.user, pk)})


@login_required
@require_POST
def accept(request: SignedIn, pk: int) -> HttpResponse:
    done = actions.accept(proposal_id=pk, version=version_of(request), reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Accepted: the finding now says so."))
    return redirect("web:finding", done.outcome_id)


@login_required
@require_POST
def reject(request: SignedIn, pk: int) -> HttpResponse:
    actions.reject(proposal_id=pk, version=version_of(request), reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Rejected. Whoever proposed it reads your reason."))
    return redirect("web:proposal", pk)


@login_required
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    actions.withdraw(proposal_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("Your proposal is withdrawn."))
    return redirect("web:proposal", pk)


@login_required
@require_POST
def flag(request: SignedIn, pk: int) -> HttpResponse:
    actions.flag(finding_id=pk, text=request.POST.get("text", ""), by=request.user)
    messages.success(request, _("Thank you. The project's moderators will look at it; you read their answer here."))
    return redirect("web:finding", pk)


@login_required
@require_POST
def resolve(request: SignedIn, pk: int) -> HttpResponse:
    done = actions.resolve(flag_id=pk, version=version_of(request), answer=request.POST.get("answer", ""), by=request.user)
    messages.success(request, _("The flag is resolved."))
    return redirect("web:challenges", done.project.slug)


@login_required
@require_POST
def reevaluate(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    done = actions.reevaluate(
        project=project,
        article=articles.article(request.user, pk),
        stands=request.POST.get("outcome") == "stands",
        reason=request.POST.get("reason", ""),
        by=request.user,
    )
    said = _("The findings from %(article)s stand.") if done.stands else _("The findings from %(article)s are retracted.")
    messages.success(request, said % {"article": done.article})
    return redirect("web:challenges", slug)
