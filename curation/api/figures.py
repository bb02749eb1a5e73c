"""The pictures of articles, to whoever may see the article."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.versions import REFUSALS
from curation.articles import pictures, queries

ABSENT = (404, "application/problem+json")
PICTURE = {
    (200, "image/jpeg"): OpenApiTypes.BINARY,
    (200, "image/png"): OpenApiTypes.BINARY,
    ABSENT: REFUSALS[ABSENT],
}


class Pictures(APIView):
    """Whatever the client says it takes: a picture is what it asked for."""

    permission_classes = [ScopedAccess]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return super().perform_content_negotiation(request, force=True)


class Image(Pictures):
    @extend_schema(operation_id="figure_image", responses=PICTURE)
    def get(self, request: Request, pk: int) -> HttpResponse:
        return _sent(queries.figure(request.user, pk).image)


class Thumbnail(Pictures):
    @extend_schema(operation_id="figure_thumbnail", responses=PICTURE)
    def get(self, request: Request, pk: int) -> HttpResponse:
        return _sent(queries.figure(request.user, pk).thumbnail)


def _sent(name: str) -> HttpResponse:
    headers = {**pictures.HEADERS, "ETag": pictures.etag(name)}
    return HttpResponse(pictures.read(name), content_type=pictures.content_type(name), headers=headers)
