"""Evidence as W3C Web Annotations in JSON-LD: one finding, what a project published, what a reading says."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.versions import REFUSALS
from curation.export import web_annotations
from curation.people import queries as people

LINKED = {
    "type": "object",
    "properties": {name: {} for name in ("@context", "id", "type", "motivation", "body", "target", "total", "first", "items")},
    "description": "W3C Web Annotation Data Model: an Annotation, an AnnotationCollection or one AnnotationPage of it.",
}
ABSENT = (404, "application/problem+json")
ANSWERS = {(200, "application/ld+json"): LINKED, ABSENT: REFUSALS[ABSENT]}
PAGE = OpenApiParameter("page", int, description="One AnnotationPage instead of the collection with its first.")


class AskedPage(serializers.Serializer):
    page = serializers.IntegerField(min_value=1, max_value=1_000_000, required=False, default=None, allow_null=True)


class JsonLd(BaseRenderer):
    """A refusal comes as problem JSON whatever was asked for."""

    media_type = "application/ld+json"
    format = "jsonld"
    charset = None

    def render(self, data: Any, media_type: str | None = None, context: Mapping[str, Any] | None = None) -> bytes:
        written: bytes = JSONRenderer().render(data)
        return written


class Linked(APIView):
    permission_classes = [ScopedAccess]
    renderer_classes = [JsonLd, JSONRenderer]

    def shown(self, data: web_annotations.Json) -> Response:
        return Response(data, content_type=web_annotations.MEDIA_TYPE)

    def page(self, request: Request) -> int | None:
        asked = AskedPage(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found: int | None = asked.validated_data["page"]
        return found


def _site(request: Request) -> str:
    return str(request.build_absolute_uri("/")).rstrip("/")


class FindingAnnotation(Linked):
    @extend_schema(operation_id="finding_annotation", responses=ANSWERS)
    def get(self, request: Request, pk: int) -> Response:
        """A finding as a W3C Annotation: what is said is the body, the places that say so are the targets."""
        return self.shown(web_annotations.of_finding(request.user, pk, _site(request)))


class ProjectAnnotations(Linked):
    @extend_schema(operation_id="project_annotations", parameters=[PAGE], responses=ANSWERS)
    def get(self, request: Request, slug: str) -> Response:
        """What the project published with evidence."""
        project = people.project(request.user, slug)
        return self.shown(web_annotations.of_project(request.user, project, self.page(request), _site(request)))


class ReadingAnnotations(Linked):
    @extend_schema(operation_id="reading_annotations", parameters=[PAGE], responses=ANSWERS)
    def get(self, request: Request, pk: int) -> Response:
        """What a reading says with evidence, published or not, to those who may see the reading."""
        return self.shown(web_annotations.of_reading(request.user, pk, self.page(request), _site(request)))
