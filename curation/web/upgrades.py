"""Pages on which a project moves to another version of its codebook, and on which what a move left is settled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.choices import RECORDABLE_CHOICES
from curation.codebook import queries as codebook
from curation.errors import Refusal
from curation.people import queries as people
from curation.upgrades import actions, queries
from curation.web.feature_form import value_in
from curation.web.forms import version_of
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_safe
def overview(request: SignedIn, slug: str) -> HttpResponse:
    """Which version the project records by, where it can move, and what earlier moves left."""
    project = people.project(request.user, slug)
    context = {"project": project, "shown": queries.overview(request.user, project)}
    return render(request, "upgrades/overview.html", context)


@login_required
@require_safe
def preview(request: SignedIn, slug: str, number: str) -> HttpResponse:
    project = people.project(request.user, slug)
    return render(request, "upgrades/preview.html", {"shown": queries.preview(request.user, project, number)})


@login_required
@require_POST
def move(request: SignedIn, slug: str, number: str) -> HttpResponse:
    project = people.project(request.user, slug)
    done = actions.move(project_id=project.pk, version=version_of(request), number=number, by=request.user)
    messages.success(request, _("The project records by %(version)s now.") % {"version": done.after})
    return redirect("web:project-codebook", slug)


@login_required
@require_safe
def unmoved(request: SignedIn, pk: int) -> HttpResponse:
    """``?feature=`` chooses what it is an answer to now."""
    return _page(request, pk)


@login_required
@require_POST
def enter(request: SignedIn, pk: int) -> HttpResponse:
    in_place(request, lambda refusal: _page(request, pk, refusal))
    found, sent = queries.unmoved(request.user, pk), request.POST
    slug = sent.get("feature", "")
    feature = found.upgrade.project.codebook_version.features.filter(slug=slug).first()
    done = actions.enter(
        unmoved_id=pk,
        version=version_of(request),
        feature_slug=slug,
        status=sent.get("status", ""),
        value=value_in(sent, feature.value_type) if feature else None,
        comment=sent.get("comment", ""),
        reason=sent.get("reason", ""),
        by=request.user,
    )
    messages.success(request, _("Entered anew, with its evidence."))
    return redirect("web:project-codebook", done.upgrade.project.slug)


@login_required
@require_POST
def dismiss(request: SignedIn, pk: int) -> HttpResponse:
    in_place(request, lambda refusal: _page(request, pk, refusal))
    done = actions.dismiss(unmoved_id=pk, version=version_of(request), reason=request.POST.get("reason", ""), by=request.user)
    messages.success(request, _("Dismissed. It stays in its history and counts nowhere."))
    return redirect("web:project-codebook", done.upgrade.project.slug)


def _page(request: SignedIn, pk: int, refusal: Refusal | None = None) -> HttpResponse:
    shown = queries.unmoved_page(request.user, pk)
    named = request.POST.get("feature") or request.GET.get("feature") or (shown.suggested[0].slug if shown.suggested else "")
    every = [*shown.suggested, *(feature for several in shown.others.values() for feature in several)]
    feature = next((each for each in every if each.slug == named), None)
    context = {
        "shown": shown,
        "feature": feature,
        "spec": codebook.spec(feature) if feature else None,
        "options": feature.options.all() if feature else (),
        "statuses": RECORDABLE_CHOICES,
        "typed": request.POST,
        "refusal": refusal,
    }
    return render(request, "upgrades/unmoved.html", context, status=refusal.status if refusal else 200)
