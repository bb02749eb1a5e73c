"""Pages of the annotation room: what was done to a value, undone and done again."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.annotation import history as told
from curation.annotation import queries, reversal
from curation.web.forms import whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn
from curation.web.workspace import number_in, saved, show


@login_required
@require_POST
def undo(request: SignedIn, pk: int) -> HttpResponse:
    return _reversed(request, pk, reversal.undo, _("Undone."))


@login_required
@require_POST
def redo(request: SignedIn, pk: int) -> HttpResponse:
    return _reversed(request, pk, reversal.redo, _("Done again."))


def _reversed(request: SignedIn, pk: int, turn: Callable[..., told.Turned], words: str) -> HttpResponse:
    patient = number_in(request.POST, "patient")
    if not request.headers.get("HX-Request"):
        in_place(request, lambda refusal: show(request, pk, patient=patient, refusal=refusal))
    turned = turn(reading_id=pk, act=whole_number(request, "act"), by=request.user)
    place = turned.patient if turned.patient is not None else patient
    if request.headers.get("HX-Request") and place == patient:
        return saved(
            request, queries.reading_for(request.user, pk), patient=place or 0, features=turned.features, sections=turned.sections
        )
    messages.success(request, words)
    there = f"{reverse('web:reading', args=[pk])}?patient={place or ''}#feature-{next(iter(turned.features), '')}"
    if request.headers.get("HX-Request"):  # it was another patient's: go there
        return HttpResponse(headers={"HX-Redirect": there})
    return redirect(there)


@login_required
@require_safe
def history(request: SignedIn, pk: int, slug: str) -> HttpResponse:
    """Of one value: who said what of it, and when."""
    patient, instance = number_in(request.GET, "patient"), number_in(request.GET, "instance") or 1
    reading = queries.reading_for(request.user, pk)
    context = {
        "changes": told.of_value(request.user, pk, patient or 0, slug, instance),
        "reading": reading,
        "feature": queries.feature_in(reading, slug),
        "back": queries.place_in_workspace(pk, patient or 0, slug),
    }
    part = "_history" if request.headers.get("HX-Request") else "history"
    return render(request, f"readings/{part}.html", context)
