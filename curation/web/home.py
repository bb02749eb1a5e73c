"""The first page: what Casebook is, what is open to everybody, and what waits for the person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.annotation import queries as annotation
from curation.annotation.pool import queries as pool
from curation.articles import batches as articles
from curation.people import queries as people
from curation.review import queries as review

SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context: dict[str, object] = {
        "projects": people.projects_counted(request.user),
        "recent": review.recent(request.user, SHOWN),
    }
    if request.user.is_authenticated:
        context |= {
            "readings": annotation.readings_of(request.user).open()[:SHOWN],
            "startable": pool.startable(request.user)[:SHOWN],
            "waiting": review.waiting(request.user)[:SHOWN],
            "batches": articles.batches(request.user).unfinished()[:SHOWN],
        }
    return render(request, "home/home.html", context)
