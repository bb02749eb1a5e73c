"""The first page: what Casebook is, what is open to everybody, and what waits for the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.people import queries as people


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"projects": people.projects_counted(request.user)}
    return render(request, "home/home.html", context)
