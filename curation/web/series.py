"""A series' rows, in the workspace: added, copied, moved, removed."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from curation import repeats
from curation.annotation import queries
from curation.annotation.series import actions as series
from curation.codebook import queries as codebook
from curation.web.forms import version_of, whole_number
from curation.web.pieces import pieces_in
from curation.web.requests import SignedIn
from curation.web.workspace import saved

VALUE = "value-"


@login_required
@require_POST
def add(request: SignedIn, pk: int, series_slug: str) -> HttpResponse:
    patient = whole_number(request, "patient") or 0
    values = {name.removeprefix(VALUE): str(said).strip() for name, said in request.POST.items() if name.startswith(VALUE)}
    quotes = pieces_in(request.POST)
    row: dict[str, Any] = {"reading_id": pk, "patient_id": patient, "series": series_slug, "values": values, "quotes": quotes}
    add_row = partial(series.add_row, **row, by=request.user)
    if key := request.POST.get("key"):  # sent by a script that sends it again where no answer comes
        repeats.once(by=request.user, key=key, sent=sorted(request.POST.lists()), act=add_row)
    else:
        add_row()
    return _kept(request, pk, patient, series_slug, queries.sections_of(quotes))


@login_required
@require_POST
def copy(request: SignedIn, pk: int, series_slug: str, instance: int) -> HttpResponse:
    patient = whole_number(request, "patient") or 0
    series.copy_row(reading_id=pk, patient_id=patient, series=series_slug, instance=instance, by=request.user)
    return _kept(request, pk, patient, series_slug)


@login_required
@require_POST
def move(request: SignedIn, pk: int, series_slug: str, instance: int) -> HttpResponse:
    """Down; ``up`` the other way."""
    patient = whole_number(request, "patient") or 0
    up = "up" in request.POST
    series.move_row(reading_id=pk, patient_id=patient, series=series_slug, instance=instance, up=up, by=request.user)
    return _kept(request, pk, patient, series_slug)


@login_required
@require_POST
def remove(request: SignedIn, pk: int, series_slug: str, instance: int) -> HttpResponse:
    patient, version = whole_number(request, "patient") or 0, version_of(request)
    series.remove_row(reading_id=pk, patient_id=patient, series=series_slug, instance=instance, version=version, by=request.user)
    return _kept(request, pk, patient, series_slug)


def _kept(request: SignedIn, pk: int, patient: int, series_slug: str, sections: Collection[int] = ()) -> HttpResponse:
    """Back to the series; with htmx only the parts that may look different now."""
    if request.headers.get("HX-Request"):
        reading = queries.reading_for(request.user, pk)
        groups = codebook.groups_of_series(reading.codebook_version_id, series_slug)
        return saved(request, reading, patient=patient, groups=groups, sections=sections)
    return redirect(f"{reverse('web:reading', args=[pk])}?patient={patient}#series-{series_slug}")
