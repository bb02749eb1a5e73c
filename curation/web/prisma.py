"""The PRISMA flow of a project: the figure, its table, and both as files."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from curation.errors import NotFound
from curation.people import queries as people
from curation.screening import flow as flows
from curation.screening import report
from curation.web.requests import SignedIn


@login_required
@require_safe
def flow(request: SignedIn, slug: str) -> HttpResponse:
    project = people.project(request.user, slug)
    found = flows.flow(request.user, project)
    figure = mark_safe(report.svg(found))  # noqa: S308 - drawn here, each word escaped
    return render(request, "screening/flow.html", {"project": project, "figure": figure, "table": report.table(found)})


@login_required
@require_safe
def download(request: SignedIn, slug: str, suffix: str) -> HttpResponse:
    project = people.project(request.user, slug)
    found = flows.flow(request.user, project)
    if suffix not in report.FORMATS:
        raise NotFound(f"The flow is written as {', '.join(report.FORMATS)}; there is no “{suffix}”.")
    words = report.written(found, suffix, request.build_absolute_uri("/").rstrip("/"))
    headers = {"Content-Disposition": f'attachment; filename="{slug}-flow.{suffix}"'}
    return HttpResponse(words, content_type=f"{report.FORMATS[suffix]}; charset=utf-8", headers=headers)
