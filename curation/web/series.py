"""A series' rows, in the workspace: added, copied, moved, removed."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from curation.annotation import queries
from curation.annotation.series import actions as series
from curation.codebook import queries as codebook
from curation.errors import Refusal
from curation.web.forms import once, version_of, whole_number
from curation.web.pieces import pieces_in
from curation.web.refusals import in_place
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
    made = once(request, partial(series.add_row, **row, by=request.user))
    return _kept(request, pk, patient, series_slug, made, queries.sections_of(quotes))


@login_required
@require_POST
def copy(request: SignedIn, pk: int, series_slug: str, instance: int) -> HttpResponse:
    row = _row(request, pk, series_slug, instance)
    made = once(request, partial(series.copy_row, **row, by=request.user))
    return _kept(request, pk, row["patient_id"], series_slug, [made])


@login_required
@require_POST
def move(request: SignedIn, pk: int, series_slug: str, instance: int) -> HttpResponse:
    """Down; ``up`` the other way."""
    row = _row(request, pk, series_slug, instance)
    now = once(request, partial(series.move_row, **row, up="up" in request.POST, by=request.user))
    return _kept(request, pk, row["patient_id"], series_slug, [now])


@login_required
@require_POST
def remove(request: SignedIn, pk: int, series_slug: str, instance: int) -> HttpResponse:
    row = _row(request, pk, series_slug, instance)
    once(request, partial(series.remove_row, **row, by=request.user))
    return _kept(request, pk, row["patient_id"], series_slug)


def _row(request: SignedIn, pk: int, series_slug: str, instance: int) -> dict[str, Any]:
    """Which row is meant. A script is refused with the rows as they are now."""
    patient = whole_number(request, "patient") or 0
    if request.headers.get("HX-Request"):
        in_place(request, lambda refusal: _kept(request, pk, patient, series_slug, refusal=refusal))
    version = version_of(request)
    return {"reading_id": pk, "patient_id": patient, "series": series_slug, "instance": instance, "version": version}


def _kept(
    request: SignedIn,
    pk: int,
    patient: int,
    series_slug: str,
    made: Sequence[int] = (),
    sections: Collection[int] = (),
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Back to the series; with htmx only the parts that may look different now. ``made``: the rows that were made or moved."""
    if request.headers.get("HX-Request"):
        reading = queries.reading_for(request.user, pk)
        groups = codebook.groups_of_series(reading.codebook_version_id, series_slug)
        return saved(request, reading, patient=patient, groups=groups, sections=sections, made=made, refusal=refusal)
    return redirect(f"{reverse('web:reading', args=[pk])}?patient={patient}#series-{series_slug}")
