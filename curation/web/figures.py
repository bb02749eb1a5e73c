"""The pictures themselves: open to whoever may see their article."""

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from curation.articles import pictures, queries
from curation.web.requests import Request


@require_safe
def image(request: Request, pk: int) -> HttpResponse:
    return _sent(request, queries.figure(request.user, pk).image)


@require_safe
def thumbnail(request: Request, pk: int) -> HttpResponse:
    return _sent(request, queries.figure(request.user, pk).thumbnail)


def _sent(request: Request, name: str) -> HttpResponse:
    """The file, or that the browser has it already."""
    headers = {**pictures.HEADERS, "ETag": pictures.etag(name)}
    if name and (known := get_conditional_response(request, etag=headers["ETag"])) is not None:
        return known
    return HttpResponse(pictures.read(name), content_type=pictures.content_type(name), headers=headers)
