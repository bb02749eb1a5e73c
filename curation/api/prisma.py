"""The PRISMA flow of a project: its numbers, and the figure and the table as files."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from curation.api.access import ScopedAccess
from curation.api.figures import ABSENT, Pictures
from curation.api.versions import REFUSALS
from curation.errors import NotFound
from curation.people import queries as people
from curation.screening import flow as flows
from curation.screening import report

FORBIDDEN = (403, "application/problem+json")


class FlowLineSerializer(serializers.Serializer):
    """``articles`` is the page that lists what was counted; null where the number is a sum of others."""

    phase = serializers.CharField()
    label = serializers.CharField()
    number = serializers.IntegerField()
    box = serializers.CharField()
    detail = serializers.CharField()
    articles = serializers.CharField(allow_null=True)


class Prisma(Pictures):
    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="project_flow",
        responses={200: FlowLineSerializer(many=True), ABSENT: REFUSALS[ABSENT], FORBIDDEN: REFUSALS[FORBIDDEN]},
    )
    def get(self, request: Request, slug: str) -> Response:
        """Every number of the PRISMA 2020 flow, counted now. For those who belong to the project."""
        found = flows.flow(request.user, people.project(request.user, slug))
        lines = [
            {
                "phase": phase,
                "label": line.label,
                "number": line.number,
                "box": line.box,
                "detail": line.detail,
                "articles": request.build_absolute_uri(address) if address else None,
            }
            for phase, line, address in report.table(found)
        ]
        return Response(FlowLineSerializer(lines, many=True).data)


FILES = {(200, media_type): OpenApiTypes.STR for media_type in report.FORMATS.values()}


class PrismaFile(Pictures):
    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="project_flow_file",
        parameters=[OpenApiParameter("suffix", str, OpenApiParameter.PATH, enum=list(report.FORMATS))],
        responses={**FILES, ABSENT: REFUSALS[ABSENT], FORBIDDEN: REFUSALS[FORBIDDEN]},
    )
    def get(self, request: Request, slug: str, suffix: str) -> HttpResponse:
        """The figure as SVG, or the numbers as CSV."""
        found = flows.flow(request.user, people.project(request.user, slug))
        if suffix not in report.FORMATS:
            raise NotFound(f"The flow is written as {', '.join(report.FORMATS)}; there is no “{suffix}”.")
        words = report.written(found, suffix, request.build_absolute_uri("/").rstrip("/"))
        return HttpResponse(words, content_type=f"{report.FORMATS[suffix]}; charset=utf-8")
