"""Pages on which quotes that lost their place are settled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from curation.annotation import queries as readings
from curation.annotation.displaced import actions, queries
from curation.errors import Fault, Invalid
from curation.people import queries as people
from curation.web.forms import version_of
from curation.web.requests import SignedIn


@login_required
@require_safe
def displaced(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    context = {"project": project, "lost": queries.lost(request.user, project)}
    return render(request, "displaced/displaced.html", context)


@login_required
@require_POST
def place(request: SignedIn, pk: int) -> HttpResponse:
    """``place``: section and start, as ``12:340``."""
    slug = _project_of(request, pk)
    section, start = _place_in(request.POST.get("place", ""))
    actions.place(evidence_id=pk, version=version_of(request), section_id=section, start=start, by=request.user)
    messages.success(request, _("The quote stands where you put it."))
    return redirect("web:displaced", slug)


@login_required
@require_POST
def keep(request: SignedIn, pk: int) -> HttpResponse:
    slug = _project_of(request, pk)
    actions.keep(evidence_id=pk, version=version_of(request), by=request.user)
    messages.success(request, _("The quote stays with the earlier wording."))
    return redirect("web:displaced", slug)


def _project_of(request: SignedIn, pk: int) -> str:
    return readings.evidence_for(request.user, pk).annotation.reading.project.slug


def _place_in(text: str) -> tuple[int, int]:
    section, _colon, start = text.partition(":")
    if not (section.isascii() and section.isdecimal() and start.isascii() and start.isdecimal() and len(text) < 19):
        raise Invalid("Choose where the quote stands now.", faults=[Fault("place", "choose one of the places")])
    return int(section), int(start)
