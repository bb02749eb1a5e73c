"""What a project decided about articles, and the deciding."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope, ScreeningState
from curation.models import Screening
from curation.people import queries as people
from curation.screening import actions as screening
from curation.screening import queries


class ScreeningSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    pmid = serializers.IntegerField(source="article.pmid", read_only=True)
    title = serializers.CharField(source="article.title", read_only=True)
    is_retracted = serializers.BooleanField(source="article.is_retracted", read_only=True)
    decided_by = serializers.StringRelatedField()

    class Meta:
        model = Screening
        fields = (
            *("id", "project", "article", "pmid", "title", "is_retracted", "state", "reason"),
            *("patients_described", "decided_by", "decided_at", "version"),
        )
        read_only_fields = fields


class IncludeSerializer(serializers.Serializer):
    patients_described = serializers.IntegerField(required=False, allow_null=True, default=None)


class ExcludeSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=200)


STATE = OpenApiParameter("state", str, enum=ScreeningState.values, description="Only decisions in this state.")


@extend_schema_view(get=extend_schema(operation_id="screenings_list", parameters=[STATE]))
class ScreeningList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = ScreeningSerializer
    queryset = Screening.objects.none()

    def get_queryset(self) -> object:
        project = people.project(self.request.user, self.kwargs["slug"])
        return queries.decisions(self.request.user, project, self.request.query_params.get("state", ""))


class Decide(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE


class Include(Decide):
    @extend_schema(
        operation_id="screening_include",
        parameters=[IF_MATCH],
        request=IncludeSerializer,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = IncludeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        decided = screening.include(screening_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(ScreeningSerializer(decided))


class Exclude(Decide):
    @extend_schema(
        operation_id="screening_exclude",
        parameters=[IF_MATCH],
        request=ExcludeSerializer,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = ExcludeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        decided = screening.exclude(screening_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(ScreeningSerializer(decided))


class Reopen(Decide):
    @extend_schema(
        operation_id="screening_reopen",
        parameters=[IF_MATCH],
        request=None,
        responses={200: ScreeningSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        decided = screening.reopen(screening_id=pk, version=version_of(request), by=request.user)
        return versioned(ScreeningSerializer(decided))
