"""Pages of the adjudication room: what waits, one article's two readings side by side, and what is done there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.adjudication import actions as adjudication
from curation.adjudication import queries
from curation.adjudication.actions import Third
from curation.choices import Outcome
from curation.people import queries as people
from curation.web.adjudication_page import again, at, listed, pairs_in, places_found, reading_in, show
from curation.web.feature_form import answer_in
from curation.web.forms import version_of
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_safe
def waiting(request: SignedIn, slug: str) -> HttpResponse:
    return listed(request, people.project(request.user, slug))


@login_required
@require_safe
def article(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    return show(request, queries.desk(request.user, people.project(request.user, slug), pk))


@login_required
@require_POST
def pair(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: show(request, queries.desk(request.user, project, pk), refusal=refusal))
    pairs = pairs_in(request.POST)
    adjudication.pair(project=project, article_id=pk, version=version_of(request), pairs=pairs, by=request.user)
    return again(request, slug, pk)


@login_required
@require_POST
def decide(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """``choice`` is the outcome, or the reading that is followed by its number."""
    project, choice = people.project(request.user, slug), request.POST.get("choice", "")
    in_place(request, lambda refusal: show(request, queries.desk(request.user, project, pk), refusal=refusal))
    place = at(request.POST)
    third = None
    if choice == Outcome.THIRD:
        answer = answer_in(request.POST, queries.value_type(request.user, project, pk, place[1]))
        third = Third(**{name: answer[name] for name in ("status", "value", "qualifiers", "comment", "quotes")})
    adjudication.decide(
        project=project,
        article_id=pk,
        version=version_of(request),
        place=place,
        outcome=Outcome.FOLLOWED if choice.isdecimal() else choice,
        reading_id=reading_in(choice),
        third=third,
        reason=request.POST.get("reason", ""),
        by=request.user,
    )
    return again(request, slug, pk, at=request.POST.get("at", ""))


@login_required
@require_POST
def find(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """Where typed words stand in the article, or terms that answer to them; everything typed stays as it is."""
    desk = queries.desk(request.user, people.project(request.user, slug), pk)
    return show(request, desk, found=places_found(desk, request.POST.get("find", "")))


@login_required
@require_POST
def take_back(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: show(request, queries.desk(request.user, project, pk), refusal=refusal))
    adjudication.take_back(project=project, article_id=pk, version=version_of(request), place=at(request.POST), by=request.user)
    return again(request, slug, pk, at=request.POST.get("at", ""))


@login_required
@require_POST
def publish_agreed(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: show(request, queries.desk(request.user, project, pk), refusal=refusal))
    adjudication.publish_agreed(project=project, article_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("What the readers agree on is published. What they differ in waits here."))
    return redirect("web:adjudication", slug, pk)


@login_required
@require_POST
def publish(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: show(request, queries.desk(request.user, project, pk), refusal=refusal))
    reason = request.POST.get("reason", "")
    ruling = adjudication.publish(project=project, article_id=pk, version=version_of(request), reason=reason, by=request.user)
    messages.success(request, _("%(article)s is published.") % {"article": ruling.article})
    return redirect("web:adjudications", slug)


@login_required
@require_POST
def reopen(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    project = people.project(request.user, slug)
    in_place(request, lambda refusal: show(request, queries.desk(request.user, project, pk), refusal=refusal))
    reason = request.POST.get("reason", "")
    adjudication.reopen(project=project, article_id=pk, version=version_of(request), reason=reason, by=request.user)
    messages.success(request, _("Taken up again. What is published stays so until you publish anew."))
    return redirect("web:adjudication", slug, pk)


@login_required
@require_POST
def policy(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    kept = adjudication.set_merge_policy(
        project_id=project.pk, version=version_of(request), policy=request.POST.get("policy", ""), by=request.user
    )
    messages.success(request, _("Two readings that agree: %(policy)s.") % {"policy": kept.get_merge_policy_display().lower()})
    return redirect("web:project-settings", slug)
