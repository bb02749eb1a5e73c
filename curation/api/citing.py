"""Citations in the format that Accept, or ``?format=``, names: RIS, NBIB, BibTeX or CSL-JSON (which is what comes unasked)."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.articles import ABSENT, FILTERS, UNREADABLE
from curation.api.versions import REFUSALS
from curation.articles import filters
from curation.export import citing
from curation.export.citations import FORMATS


def _renderer(name: str) -> type[BaseRenderer]:
    """DRF's way to write one of the formats; a refusal comes as JSON whatever was asked for."""

    class Citations(BaseRenderer):
        media_type = FORMATS[name].media_type
        format = name
        charset = "utf-8"

        def render(self, data: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None) -> str | bytes:
            return FORMATS[name].write(data) if isinstance(data, list) else JSONRenderer().render(data)

    return Citations


WRITTEN = {(200, written.media_type): OpenApiTypes.STR for written in FORMATS.values()}


class Cited(APIView):
    permission_classes = [ScopedAccess]
    renderer_classes = [_renderer(name) for name in ("json", "ris", "nbib", "bib")]


class ArticleCitation(Cited):
    @extend_schema(operation_id="article_cite", responses={**WRITTEN, ABSENT: REFUSALS[ABSENT]})
    def get(self, request: Request, pk: int) -> Response:
        return Response(citing.of_article(request.user, pk))


class SelectionCitation(Cited):
    @extend_schema(operation_id="articles_cite", parameters=FILTERS[:-2], responses={**WRITTEN, UNREADABLE: REFUSALS[UNREADABLE]})
    def get(self, request: Request) -> Response:
        """All that the filters find, at most 1,000; more is refused."""
        return Response(citing.of_selection(request.user, filters.read(request.query_params)))
