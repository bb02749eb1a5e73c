"""Standing searches of a project: kept, run, paused and ended by its moderators."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation import tasks
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.imports import BatchSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.articles import pasted
from curation.choices import Scope
from curation.models import StandingSearch
from curation.people import queries as people
from curation.searches import actions, queries, rules


class SearchSerializer(serializers.ModelSerializer):
    """``watermark``: all that PubMed took in before this day is accounted for. ``due_at`` is empty while it is paused."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    owner = serializers.StringRelatedField()

    class Meta:
        model = StandingSearch
        fields = (
            *("id", "project", "title", "query", "every_days", "watermark", "due_at", "owner", "trouble"),
            *("created_at", "version"),
        )
        read_only_fields = fields


class RunSerializer(BatchSerializer):
    new = serializers.IntegerField(read_only=True)
    unaccounted = serializers.IntegerField(read_only=True)

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "new", "unaccounted")
        read_only_fields = fields


class SearchDetailSerializer(SearchSerializer):
    runs = RunSerializer(many=True, read_only=True)

    class Meta(SearchSerializer.Meta):
        fields = (*SearchSerializer.Meta.fields, "runs")
        read_only_fields = fields


class NewSearchSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=rules.LONGEST_TITLE)
    query = serializers.CharField(max_length=pasted.LONGEST_QUERY)
    every_days = serializers.ChoiceField(rules.INTERVALS, default=7)
    since = serializers.DateField(required=False, allow_null=True, default=None)


class Standing(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE


class SearchList(Standing):
    @extend_schema(operation_id="searches_list", responses={200: SearchSerializer(many=True), **REFUSALS})
    def get(self, request: Request, slug: str) -> Response:
        rows = queries.searches(request.user, people.project(request.user, slug))
        return Response(SearchSerializer(rows, many=True).data)

    @extend_schema(operation_id="search_create", request=NewSearchSerializer, responses={201: SearchSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, slug: str) -> Response:
        project = people.project(request.user, slug)
        sent = NewSearchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        search = actions.create(project=project, by=request.user, **sent.validated_data)
        tasks.start_searches()
        return versioned(SearchSerializer(search), status=201)


class SearchDetail(Standing):
    @extend_schema(operation_id="search", responses={200: SearchDetailSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        shown = queries.search(request.user, pk)
        data: dict[str, Any] = {**SearchSerializer(shown.search).data, "runs": RunSerializer(shown.runs, many=True).data}
        return Response(data, headers={"ETag": f'"{shown.search.version}"'})

    @extend_schema(operation_id="search_delete", parameters=[IF_MATCH], responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        actions.delete(search_id=pk, version=version_of(request), by=request.user)
        return Response(status=204)


class Run(Standing):
    @extend_schema(operation_id="search_run", request=None, responses={201: BatchSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        batch = actions.run(search_id=pk, by=request.user)
        tasks.start_batch(batch)
        return Response(BatchSerializer(batch).data, status=201)


class Pause(Standing):
    @extend_schema(
        operation_id="search_pause", parameters=[IF_MATCH], request=None, responses={200: SearchSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        return versioned(SearchSerializer(actions.pause(search_id=pk, version=version_of(request), by=request.user)))


class Resume(Standing):
    @extend_schema(
        operation_id="search_resume", parameters=[IF_MATCH], request=None, responses={200: SearchSerializer, **REFUSALS}
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        search = actions.resume(search_id=pk, version=version_of(request), by=request.user)
        tasks.start_searches()
        return versioned(SearchSerializer(search))
