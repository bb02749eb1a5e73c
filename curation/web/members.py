"""Who belongs to a project: looked at by its moderators, set and ended by administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from curation.assignment import actions as assignment
from curation.assignment import queries
from curation.choices import Role
from curation.errors import Refusal
from curation.models import Project
from curation.people import actions as people
from curation.people import queries as known
from curation.permissions import require_overseer
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@login_required
@require_safe
def members(request: SignedIn, slug: str) -> HttpResponse:
    return _page(request, known.project(request.user, slug))


@login_required
@require_POST
def set_role(request: SignedIn, slug: str) -> HttpResponse:
    """Of the person that ``username`` names: a member from now on, or in another role."""
    project = known.project(request.user, slug)
    in_place(request, lambda refusal: _page(request, project, refusal))
    person = known.person(request.user, request.POST.get("username", ""))
    membership = people.set_membership(project=project, user=person, role=request.POST.get("role", ""), by=request.user)
    words = _("%(person)s belongs to the project as %(role)s.")
    messages.success(request, words % {"person": person, "role": membership.get_role_display().lower()})
    return redirect("web:members", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """First what would become of the person's work; then, where that is confirmed, the end of the membership."""
    project = known.project(request.user, slug)
    person = known.member(project, pk)
    if request.method == "POST":
        in_place(request, lambda refusal: _page(request, project, refusal))
        assignment.leave(project=project, user=person, reason=request.POST.get("reason", ""), by=request.user)
        messages.success(request, _("%(person)s no longer belongs to the project.") % {"person": person})
        return redirect("web:members", slug)
    context = {"project": project, "person": person, "left": queries.leaving(request.user, project, person)}
    return render(request, "members/remove.html", context)


def _page(request: SignedIn, project: Project, refusal: Refusal | None = None) -> HttpResponse:
    require_overseer(request.user, project)
    context = {
        "project": project,
        "members": known.members(project),
        "roles": Role.choices,
        "may_change": request.user.is_administrator,
        "typed": request.POST,
        "refusal": refusal,
    }
    return render(request, "members/members.html", context, status=refusal.status if refusal else 200)
