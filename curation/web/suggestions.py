"""Suggestions beside the features of the workspace: offered, accepted, rejected; and when a project shows them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.annotation import queries as annotation
from curation.people import queries as people
from curation.suggestions import actions as suggestions
from curation.suggestions import queries
from curation.web.forms import once, version_of, whole_number
from curation.web.requests import SignedIn
from curation.web.workspace import number_in, saved


@login_required
@require_safe
def offered(request: SignedIn, pk: int) -> HttpResponse:
    """A page of them all; asked for by the workspace only what stands beside its features."""
    found = queries.offered(request.user, pk, patient=number_in(request.GET, "patient"))
    template = "suggestions/_offered.html" if request.headers.get("HX-Request") else "suggestions/offered.html"
    return render(request, template, {"offered": found})


@login_required
@require_POST
def accept(request: SignedIn, pk: int, key: str) -> HttpResponse:
    place: dict[str, Any] = {"reading_id": pk, "patient_id": whole_number(request, "patient") or 0, "key": key}
    made = annotation.annotation_for(request.user, once(request, lambda: suggestions.accept(**place, by=request.user).pk))
    if request.headers.get("HX-Request"):
        sections = {proof.section_id for proof in made.evidence.all()}
        return saved(request, made.reading, patient=made.patient_id, features={made.feature.slug}, sections=sections)
    return _back(request, pk, made.patient_id)


@login_required
@require_POST
def reject(request: SignedIn, pk: int, key: str) -> HttpResponse:
    place: dict[str, Any] = {"reading_id": pk, "patient_id": whole_number(request, "patient") or 0, "key": key}
    judged = once(request, lambda: suggestions.reject(**place, by=request.user).feature.slug)
    return _again(request, pk, place["patient_id"], judged)


@login_required
@require_POST
def undo(request: SignedIn, pk: int, rejected: int) -> HttpResponse:
    suggestions.undo_reject(reading_id=pk, rejected_id=rejected, by=request.user)
    return _again(request, pk, number_in(request.POST, "patient"), "")


@login_required
@require_POST
def own_pass(request: SignedIn, pk: int) -> HttpResponse:
    suggestions.finish_own_pass(reading_id=pk, version=version_of(request), by=request.user)
    return redirect(f"{reverse('web:reading', args=[pk])}?patient={number_in(request.POST, 'patient') or ''}")


@login_required
@require_POST
def mode(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    told = request.POST.get("suggestions", "")
    kept = suggestions.set_mode(project_id=project.pk, version=version_of(request), mode=told, by=request.user)
    messages.success(request, _("Suggestions: %(mode)s.") % {"mode": kept.get_suggestions_display().lower()})
    return redirect("web:project", slug)


def _again(request: HttpRequest, pk: int, patient: int | None, judged: str) -> HttpResponse:
    """What is offered now; the place of the feature just judged is emptied where nothing is left for it."""
    if not request.headers.get("HX-Request"):
        return _back(request, pk, patient)
    found = queries.offered(request.user, pk, patient=patient)
    left = {spec.slug for spec, _offers in found.by_feature}
    return render(request, "suggestions/_offered.html", {"offered": found, "emptied": judged if judged not in left else ""})


def _back(request: HttpRequest, pk: int, patient: int | None) -> HttpResponse:
    return redirect(f"{reverse('web:reading-suggestions', args=[pk])}?patient={patient or ''}")
