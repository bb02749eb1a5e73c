"""The draw: who would get what, and why somebody gets nothing; then, confirmed, the readings given out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from curation.assignment import actions as assignment
from curation.assignment import drawing
from curation.errors import Fault, Invalid, Refusal
from curation.models import Project
from curation.people import queries as people
from curation.permissions import is_moderator, require_overseer
from curation.web.forms import whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draw(request: SignedIn, slug: str) -> HttpResponse:
    """``articles``: of how many. ``key``: of the draw that was looked at, where it is confirmed."""
    project = people.project(request.user, slug)
    require_overseer(request.user, project)
    if request.method != "POST":
        text = request.GET.get("articles", "").strip()
        if text and not (text.isdecimal() and len(text) <= 9):
            raise Invalid("Please enter a whole number.", faults=[Fault("articles", f"“{text[:40]}” is not a whole number")])
        return _page(request, project, int(text) if text else 0)
    number = whole_number(request, "articles") or 0
    in_place(request, lambda refusal: _page(request, project, number, refusal))
    given = assignment.draw(project=project, number=number, key=request.POST.get("key", ""), by=request.user)
    words = ngettext("%d reading is given out.", "%d readings are given out.", len(given)) % len(given)
    messages.success(request, words)
    return redirect("web:assignments", slug)


def _page(request: SignedIn, project: Project, number: int, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "project": project,
        "number": number or 10,
        "most": drawing.MOST_DRAWN,
        "plan": drawing.plan(request.user, project, number) if number and not isinstance(refusal, Invalid) else None,
        "may_draw": is_moderator(request.user, project),
        "refusal": refusal,
    }
    return render(request, "readings/draw.html", context, status=refusal.status if refusal else 200)
