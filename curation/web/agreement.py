"""Pages of agreement: the report, the disagreements behind any of its numbers, the report as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.agreement import queries, table
from curation.people import queries as people
from curation.web.requests import SignedIn

BEHIND = ("feature", "group", "pair")


@login_required
@require_safe
def report(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    return render(request, "agreement/report.html", {"project": project, "report": queries.report(request.user, project)})


@login_required
@require_safe
def disagreements(request: SignedIn, slug: str) -> HttpResponse:
    """``?feature=``, ``?group=`` or ``?pair=``: what the number is about; all of the project's without."""
    project = people.project(request.user, slug)
    behind = {name: request.GET.get(name, "") for name in BEHIND}
    found = queries.disagreements(request.user, project, **behind)
    return render(request, "agreement/disagreements.html", {"project": project, "found": found, "behind": behind})


@login_required
@require_safe
def download(request: SignedIn, slug: str) -> StreamingHttpResponse:
    project = people.project(request.user, slug)
    lines = table.lines(queries.report(request.user, project))
    headers = {"Content-Disposition": f'attachment; filename="{project.slug}-agreement.csv"'}
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
