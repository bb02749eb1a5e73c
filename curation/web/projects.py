"""Pages of the projects: all that are open, and one with its numbers and its ways on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.annotation.displaced import queries as displaced
from curation.choices import Role, SuggestionMode
from curation.people import queries
from curation.permissions import roles_of
from curation.screening import queries as screening
from curation.standing import queries as standing
from curation.suggestions import queries as suggestions


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    return render(request, "projects/projects.html", {"projects": queries.projects_counted(request.user)})


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
