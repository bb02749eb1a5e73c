"""Pages that tell a thing's whole story."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from curation.stories import queries


def before(request: HttpRequest) -> int | None:
    """The event from which an older page goes backwards."""
    text = request.GET.get("before", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


@require_safe
def story(request: HttpRequest, kind: str, **address: Any) -> HttpResponse:
    thing = queries.find(request.user, kind, **address)
    shown = queries.story(request.user, kind, thing, before=before(request))
    return render(request, "stories/story.html", {"story": shown})
