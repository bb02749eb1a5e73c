"""Quotes that lost their place when their text was published anew, listed and settled."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation.displaced import actions, queries
from curation.annotation.displaced.queries import Displaced
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.annotations import AnnotationSerializer, shown
from curation.api.evidence import LARGEST_OFFSET
from curation.api.readings import LARGEST_ID
from curation.api.versions import IF_MATCH, REFUSALS
from curation.choices import Scope
from curation.people import queries as people


class PlaceSerializer(serializers.Serializer):
    """``start`` in code points from 0."""

    section = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    start = serializers.IntegerField(min_value=0, max_value=LARGEST_OFFSET)


class OfferedPlaceSerializer(PlaceSerializer):
    exact = serializers.CharField()
    prefix = serializers.CharField()
    suffix = serializers.CharField()


class DisplacedSerializer(serializers.Serializer):
    """``version`` is the annotation's: send it as If-Match. ``places`` are those where the quote may be put."""

    id = serializers.IntegerField(source="evidence.pk")
    annotation = serializers.IntegerField(source="evidence.annotation_id")
    version = serializers.IntegerField(source="evidence.annotation.version")
    reading = serializers.IntegerField(source="evidence.annotation.reading_id")
    feature = serializers.CharField(source="evidence.annotation.feature.slug")
    section = serializers.IntegerField(source="evidence.section_id")
    exact = serializers.CharField(source="evidence.exact")
    state = serializers.CharField(
        source="evidence.state", help_text="moved: found in more than one place; orphan: no longer found"
    )
    may_settle = serializers.BooleanField()
    places = serializers.SerializerMethodField()

    @extend_schema_field(OfferedPlaceSerializer(many=True))
    def get_places(self, displaced: Displaced) -> list[dict[str, object]]:
        return [
            {"section": s.pk, "start": p.start, "exact": p.exact, "prefix": p.prefix, "suffix": p.suffix}
            for s, p in displaced.places
        ]


class DisplacedList(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="displaced_quotes", responses={200: DisplacedSerializer(many=True), **REFUSALS})
    def get(self, request: Request, slug: str) -> Response:
        """The first hundred that the person may see: own ones, and those handed in where they moderate."""
        project = people.project(request.user, slug)
        return Response(DisplacedSerializer(queries.lost(request.user, project), many=True).data)


class Place(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="evidence_place",
        parameters=[IF_MATCH],
        request=PlaceSerializer,
        responses={200: AnnotationSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Put a quote that lost its place at one of those offered; If-Match and ETag name the annotation's version."""
        sent = PlaceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        section, start = sent.validated_data["section"], sent.validated_data["start"]
        settled = actions.place(evidence_id=pk, version=version_of(request), section_id=section, start=start, by=request.user)
        return shown(settled.annotation_id, request)


class Keep(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="evidence_keep", parameters=[IF_MATCH], request=None, responses={200: AnnotationSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Leave a quote with the earlier wording; If-Match and ETag name the annotation's version."""
        settled = actions.keep(evidence_id=pk, version=version_of(request), by=request.user)
        return shown(settled.annotation_id, request)
