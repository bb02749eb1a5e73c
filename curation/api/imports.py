"""Imports: opened by PMIDs or a file, watched record by record, retried, stopped and resumed."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation import tasks
from curation.api.access import ScopedAccess, SignedInRequest
from curation.api.repeats import repeatable
from curation.api.versions import REFUSALS
from curation.articles import actions, batches, pasted
from curation.choices import ItemState, Scope
from curation.models import Batch, BatchItem
from curation.people import queries as people

MOST_TEXT = 200_000


class BatchSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    opened_by = serializers.CharField(source="opened_by.username", read_only=True)

    class Meta:
        model = Batch
        fields = (
            *("id", "project", "kind", "title", "state", "seen", "opened_by"),
            *("created_at", "started_at", "finished_at", "file_name", "file_sha256", "query", "search"),
            *("wants_full_text", "prompted_by", "trouble"),
        )
        read_only_fields = fields


class CountedBatchSerializer(BatchSerializer):
    """With its accounting: how many records are in each state that occurs; together they are ``seen``."""

    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)

    class Meta(BatchSerializer.Meta):
        fields = (*BatchSerializer.Meta.fields, "counts")
        read_only_fields = fields


class BatchItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = BatchItem
        fields = ("id", "position", "identifier", "pmid", "state", "reason", "offset", "article", "attempts", "due_at")
        read_only_fields = fields


@extend_schema_field(
    {"oneOf": [{"type": "string"}, {"type": "array", "items": {"oneOf": [{"type": "string"}, {"type": "integer"}]}}]}
)
class PmidsField(serializers.CharField):
    """PMIDs in one text, separated in any way, or as a list."""

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, list) and all(isinstance(each, str | int) and not isinstance(each, bool) for each in data):
            data = " ".join(map(str, data))
        return super().to_internal_value(data)


def wants_full_text() -> serializers.BooleanField:
    told = "Whether PMC is asked for the full text and figures of what it brings; it is unless you say false."
    return serializers.BooleanField(required=False, allow_null=True, default=None, help_text=told)


class OpenPmidsSerializer(serializers.Serializer):
    """Either ``pmids``: PMIDs, PMCIDs and DOIs, mixed; or ``query``: whatever PubMed finds for it."""

    pmids = PmidsField(max_length=MOST_TEXT, required=False)
    query = serializers.CharField(max_length=pasted.LONGEST_QUERY, required=False)
    wants_full_text = wants_full_text()
    project = serializers.SlugField(required=False, allow_null=True, default=None)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if ("pmids" in given) == ("query" in given):
            raise serializers.ValidationError({"pmids": ["Send either pmids or query."]})
        return given


class OpenFileSerializer(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True, help_text="PubMed XML, NBIB or RIS, plain or .gz.")
    md5 = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=1000, help_text="What the .md5 file beside it says."
    )
    wants_full_text = wants_full_text()
    project = serializers.SlugField(required=False, allow_null=True, default=None)


class RetrySerializer(serializers.Serializer):
    """Which items; all that ended badly, where it is left out."""

    items = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, allow_null=True, default=None
    )


class RetriedSerializer(serializers.Serializer):
    count = serializers.IntegerField()


class Imports(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.IMPORT


class BatchList(generics.ListAPIView):
    """The imports open to you, and the opening of one: JSON with PMIDs, or a form with a file."""

    permission_classes = [ScopedAccess]
    scope = Scope.IMPORT
    serializer_class = BatchSerializer
    parser_classes = [JSONParser, MultiPartParser]
    queryset = Batch.objects.none()

    def get_queryset(self) -> QuerySet[Batch]:
        return batches.batches(self.request.user)

    @extend_schema(operation_id="batches_list")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @repeatable
    @extend_schema(
        operation_id="batch_open",
        request={"application/json": OpenPmidsSerializer, "multipart/form-data": OpenFileSerializer},
        responses={201: CountedBatchSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest) -> Response:
        is_form = (request.content_type or "").startswith("multipart/")
        sent = (OpenFileSerializer if is_form else OpenPmidsSerializer)(data=request.data)
        sent.is_valid(raise_exception=True)
        batch = _opened(request, **sent.validated_data)
        tasks.start_batch(batch)
        return _shown(request, batch.pk, status=201)


def _opened(
    request: SignedInRequest,
    *,
    project: str | None,
    wants_full_text: bool | None,
    pmids: str = "",
    query: str = "",
    file: Any = None,
    md5: str = "",
) -> Batch:
    into = people.project(request.user, project) if project else None
    wanted = wants_full_text is not False
    if query:
        return actions.open_batch_of_query(project=into, query=query, wants_full_text=wanted, by=request.user)
    if file is None:
        return actions.open_batch_of_ids(project=into, text=pmids, wants_full_text=wanted, by=request.user)
    return actions.open_batch_of_file(
        project=into, name=file.name or "", stream=file, md5=md5, wants_full_text=wanted, by=request.user
    )


def _shown(request: Request, pk: int, status: int = 200) -> Response:
    found = batches.batch(request.user, pk)
    counts = {str(state): count for state, count in found.counts}
    return Response(BatchSerializer(found.batch).data | {"counts": counts}, status=status)


class BatchDetail(Imports):
    @extend_schema(operation_id="batch_read", responses={200: CountedBatchSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return _shown(request, pk)


STATE = OpenApiParameter("state", str, enum=ItemState.values, description="Only records in this state.")


class ItemList(generics.ListAPIView):
    """The records of an import in their order, each with its state and why it failed."""

    permission_classes = [ScopedAccess]
    serializer_class = BatchItemSerializer
    queryset = BatchItem.objects.none()

    def get_queryset(self) -> QuerySet[BatchItem]:
        shown = batches.batch(self.request.user, self.kwargs["pk"])
        return batches.items(shown.batch, self.request.query_params.get("state", ""))

    @extend_schema(operation_id="batch_items_list", parameters=[STATE])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


class Retry(Imports):
    @repeatable
    @extend_schema(operation_id="batch_retry", request=RetrySerializer, responses={200: RetriedSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = RetrySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        count = actions.retry_items(batch_id=pk, item_ids=sent.validated_data["items"], by=request.user)
        tasks.start_batch(batches.batch(request.user, pk).batch)
        return Response({"count": count})


class Stop(Imports):
    @repeatable
    @extend_schema(operation_id="batch_stop", request=None, responses={200: CountedBatchSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        actions.stop(batch_id=pk, by=request.user)
        return _shown(request, pk)


class Resume(Imports):
    @repeatable
    @extend_schema(operation_id="batch_resume", request=None, responses={200: CountedBatchSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        tasks.start_batch(actions.resume(batch_id=pk, by=request.user))
        return _shown(request, pk)


class Dismiss(Imports):
    @repeatable
    @extend_schema(operation_id="batch_item_dismiss", request=None, responses={200: BatchItemSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        return Response(BatchItemSerializer(actions.dismiss_item(item_id=pk, by=request.user)).data)


class FetchFullText(Imports):
    """An import of one article's full text and figures from PMC."""

    @repeatable
    @extend_schema(operation_id="article_full_text_fetch", request=None, responses={202: CountedBatchSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int) -> Response:
        batch = actions.open_full_text(article_ids=[pk], by=request.user)
        tasks.start_batch(batch)
        return _shown(request, batch.pk, status=202)
