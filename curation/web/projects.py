"""Pages of the projects: all that are open, a new one, and one with its numbers and its ways on."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from curation.annotation.displaced import queries as displaced
from curation.choices import Role, SuggestionMode
from curation.codebook import queries as codebooks
from curation.errors import Refusal
from curation.people import actions as people
from curation.people import queries
from curation.permissions import require_administrator, roles_of
from curation.screening import queries as screening
from curation.standing import queries as standing
from curation.suggestions import queries as suggestions
from curation.web.forms import whole_number
from curation.web.refusals import in_place
from curation.web.requests import SignedIn


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/projects.html", {"projects": queries.projects_counted(request.user)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Made by an administrator, who then says who belongs to it."""
    require_administrator(request.user)
    if request.method != "POST":
        return _form(request)
    in_place(request, lambda refusal: _form(request, refusal))
    book, _at, number = request.POST.get("codebook", "").partition("@")
    made = people.create_project(
        title=request.POST.get("title", ""),
        slug=request.POST.get("slug", ""),
        question=request.POST.get("question", ""),
        codebook_version=codebooks.version(book, number),
        readers_required=whole_number(request, "readers_required") or 0,
        is_public="is_public" in request.POST,
        by=request.user,
    )
    messages.success(request, _("“%(project)s” is made. Now say who belongs to it.") % {"project": made})
    return redirect("web:members", made.slug)


def _form(request: SignedIn, refusal: Refusal | None = None) -> HttpResponse:
    context = {"codebooks": codebooks.codebooks(), "typed": request.POST, "refusal": refusal}
    return render(request, "projects/new.html", context, status=refusal.status if refusal else 200)


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """Members see the people and the whole flow of articles; others what a public project shows."""
    found = queries.project_counted(request.user, slug)
    roles = roles_of(request.user, found)
    context: dict[str, object] = {"project": found, "is_moderator": Role.MODERATOR in roles}
    if roles or getattr(request.user, "is_administrator", False):
        context |= {
            "members": queries.members(found),
            "flow": standing.tally(request.user, found),
            "exclusions": screening.exclusions(found),
            "lost_quotes": displaced.number(request.user, found),
        }
    if Role.MODERATOR in roles:
        context |= {"modes": SuggestionMode.choices, "judged": suggestions.taken(request.user, found)}
    return render(request, "projects/project.html", context)
