"""What a query would bring; and records of imports that wait for a person."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess
from curation.api.imports import BatchItemSerializer
from curation.api.versions import REFUSALS, ProblemSerializer
from curation.articles import batches, pasted, previewing
from curation.models import BatchItem
from curation.people import queries as people

UNAVAILABLE = {
    (503, "application/problem+json"): OpenApiResponse(
        ProblemSerializer, description="PubMed does not answer now; ask again later."
    )
}


class AskedSerializer(serializers.Serializer):
    query = serializers.CharField(max_length=pasted.LONGEST_QUERY)
    project = serializers.SlugField(required=False)


class HitSerializer(serializers.Serializer):
    pmid = serializers.IntegerField(source="summary.pmid")
    title = serializers.CharField(source="summary.title")
    source = serializers.CharField(source="summary.source")
    article = serializers.IntegerField(source="here", allow_null=True, help_text="Its own id, where it is here already.")


class PreviewSerializer(serializers.Serializer):
    """``listed`` of the ``count`` hits, the newest, were looked up: ``here`` of them are in, ``in_project`` in the project."""

    query = serializers.CharField()
    count = serializers.IntegerField()
    listed = serializers.IntegerField()
    here = serializers.IntegerField()
    in_project = serializers.IntegerField(allow_null=True)
    understood = serializers.CharField(help_text="The query as PubMed reads it.")
    remarks = serializers.ListField(child=serializers.CharField())
    first = HitSerializer(many=True)


class QueryPreview(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="query_preview", parameters=[AskedSerializer], responses={200: PreviewSerializer, **REFUSALS, **UNAVAILABLE}
    )
    def get(self, request: Request) -> Response:
        """Asks PubMed and imports nothing; for whoever is signed in."""
        asked = AskedSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        slug = asked.validated_data.get("project", "")
        project = people.project(request.user, slug) if slug else None
        found = previewing.preview(request.user, asked.validated_data["query"], project)
        return Response(PreviewSerializer(found).data)


class QuarantinedSerializer(BatchItemSerializer):
    class Meta(BatchItemSerializer.Meta):
        fields = (*BatchItemSerializer.Meta.fields, "batch")
        read_only_fields = fields


class RefusedSerializer(serializers.Serializer):
    """A record of an import; ``text`` is the beginning of what was refused, hidden characters spelt out."""

    item = QuarantinedSerializer()
    text = serializers.CharField()
    is_whole = serializers.BooleanField()


class Quarantine(generics.ListAPIView):
    """What was refused or failed and waits for a person, of every import open to you."""

    permission_classes = [ScopedAccess]
    serializer_class = QuarantinedSerializer
    queryset = BatchItem.objects.none()

    def get_queryset(self) -> QuerySet[BatchItem]:
        return batches.quarantine(self.request.user, self.request.query_params.get("project", ""))

    @extend_schema(operation_id="quarantine_list", parameters=[OpenApiParameter("project", str, description="A project's slug.")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class ItemDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="batch_item", responses={200: RefusedSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return Response(RefusedSerializer(batches.item(request.user, pk)).data)
