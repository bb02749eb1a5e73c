"""Questions asked by programs, and the questions that people saved."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.articles import CautionSerializer
from curation.api.evidence import TargetSerializer
from curation.api.versions import IF_MATCH, REFUSALS, ProblemSerializer, versioned
from curation.choices import Scope
from curation.cohorts import actions, queries
from curation.models import Cohort
from curation.people import queries as people

MOST_PER_PAGE = 200


class AskSerializer(serializers.Serializer):
    q = serializers.CharField(required=False, default="", allow_blank=True, max_length=20_000, trim_whitespace=False)
    page = serializers.IntegerField(required=False, default=1, min_value=1)
    page_size = serializers.IntegerField(required=False, default=queries.PAGE_SIZE, min_value=1, max_value=MOST_PER_PAGE)
    show = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=queries.MOST_COLUMNS)


class ShareSerializer(serializers.Serializer):
    part = serializers.IntegerField()
    whole = serializers.IntegerField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(source="interval.low", default=None, allow_null=True)
    high = serializers.FloatField(source="interval.high", default=None, allow_null=True)


class ChoiceSerializer(serializers.Serializer):
    value = serializers.CharField()
    label = serializers.CharField()  # a field of that name
    share = ShareSerializer()
    question = serializers.CharField(help_text="The question, narrowed to this value.")


class TallySerializer(serializers.Serializer):
    present = serializers.IntegerField()
    excluded = serializers.IntegerField()
    indeterminate = serializers.IntegerField()
    not_tested = serializers.IntegerField()
    not_reported = serializers.IntegerField()
    not_applicable = serializers.IntegerField()
    nothing = serializers.IntegerField(help_text="Patients of whom there is no finding at all.")
    silent = serializers.IntegerField(help_text="not_reported and nothing together.")


class FacetSerializer(serializers.Serializer):
    """``share`` is present ÷ (present + excluded) with its 95 % interval (Wilson)."""

    feature = serializers.CharField(source="spec.slug")
    label = serializers.CharField(source="spec.label")  # a field of that name
    group = serializers.CharField()
    counts = TallySerializer(source="tally")
    share = ShareSerializer(source="tally.share")
    choices = ChoiceSerializer(many=True)
    range = serializers.DictField(child=serializers.FloatField(), help_text="least, median, most: years, days, or the unit.")


class ReportSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    pmid = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    year = serializers.IntegerField(source="published_year", allow_null=True)
    is_retracted = serializers.BooleanField()
    cautions = CautionSerializer(many=True, help_text="What PubMed says against relying on it.")


class CellSerializer(serializers.Serializer):
    finding = serializers.IntegerField(source="finding.pk")
    status = serializers.CharField(source="finding.status")
    value = serializers.JSONField(source="finding.value", allow_null=True)
    words = serializers.CharField()
    is_derived = serializers.BooleanField()
    evidence = TargetSerializer(source="quotes", many=True)


class RowSerializer(serializers.Serializer):
    """``cells``: per column its findings, none where the papers are silent."""

    id = serializers.IntegerField(source="patient.pk")
    label = serializers.CharField(source="patient.label")  # a field of that name
    articles = ReportSerializer(many=True)
    cells = serializers.ListField(child=CellSerializer(many=True))


class ColumnSerializer(serializers.Serializer):
    feature = serializers.CharField(source="slug")
    label = serializers.CharField()  # a field of that name


class CountSerializer(serializers.Serializer):
    patients = serializers.IntegerField(help_text="Who answer the question.")
    among = serializers.IntegerField(help_text="Of whom anything is published.")
    articles = serializers.IntegerField()
    questioned = serializers.IntegerField(help_text="Of them, described in an article retracted or corrected since.")
    leaning = serializers.IntegerField(help_text="Who answer it only because nothing speaks against it.")
    open = serializers.IntegerField(help_text="Not counted, though nothing rules them out: their papers do not say enough.")


class CohortAnswerSerializer(serializers.Serializer):
    question = serializers.CharField(source="text", help_text="In its normal form.")
    count = CountSerializer(source="*")
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    columns = ColumnSerializer(many=True)
    patients = RowSerializer(source="rows", many=True)
    facets = FacetSerializer(many=True)


BAD_QUESTION = OpenApiResponse(
    ProblemSerializer,
    description="The question cannot be understood; each fault's `where` is its place in it, as q[start:end] in code points.",
)


class Ask(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(
        operation_id="cohort_ask",
        parameters=[AskSerializer],
        responses={
            200: CohortAnswerSerializer,
            (404, "application/problem+json"): REFUSALS[404, "application/problem+json"],
            (422, "application/problem+json"): BAD_QUESTION,
        },
    )
    def get(self, request: Request, slug: str) -> Response:
        """Who answers a question, what proves it, and what else is known of them."""
        sent = AskSerializer(data=request.query_params)
        sent.is_valid(raise_exception=True)
        wanted = dict(sent.validated_data)
        project = people.project(request.user, slug)
        answer = queries.ask(user=request.user, project=project, question=wanted.pop("q"), **wanted)
        return Response(CohortAnswerSerializer(answer).data)


class CohortSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    owner = serializers.StringRelatedField()

    class Meta:
        model = Cohort
        fields = ("id", "project", "slug", "title", "question", "owner", "is_public", "created_at", "changed_at", "version")
        read_only_fields = fields


class CohortChangeSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=actions.TITLE_LIMIT)
    question = serializers.CharField(allow_blank=True, max_length=20_000)
    is_public = serializers.BooleanField(default=False)


class CohortNewSerializer(CohortChangeSerializer):
    project = serializers.CharField(max_length=50, help_text="The project's slug.")


class CohortList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE
    serializer_class = CohortSerializer
    queryset = Cohort.objects.none()

    def get_queryset(self) -> QuerySet[Cohort]:
        return queries.cohorts(self.request.user)

    @extend_schema(operation_id="cohorts_list")
    def get(self, request: Request) -> Response:
        """Saved questions: the public ones, and one's own."""
        return self.list(request)

    @extend_schema(operation_id="cohort_save", request=CohortNewSerializer, responses={201: CohortSerializer, **REFUSALS})
    def post(self, request: SignedInRequest) -> Response:
        sent = CohortNewSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = dict(sent.validated_data)
        project = people.project(request.user, wanted.pop("project"))
        saved = actions.save_cohort(project=project, by=request.user, **wanted)
        response = versioned(CohortSerializer(saved))
        response.status_code = status.HTTP_201_CREATED
        return response


class CohortDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="cohort_retrieve", responses={200: CohortSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return versioned(CohortSerializer(queries.cohort(request.user, pk)))

    @extend_schema(
        operation_id="cohort_change",
        parameters=[IF_MATCH],
        request=CohortChangeSerializer,
        responses={200: CohortSerializer, **REFUSALS},
    )
    def put(self, request: SignedInRequest, pk: int) -> Response:
        sent = CohortChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        changed = actions.change_cohort(cohort_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return versioned(CohortSerializer(changed))

    @extend_schema(operation_id="cohort_delete", parameters=[IF_MATCH], responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        actions.delete_cohort(cohort_id=pk, version=version_of(request), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Watch(APIView):
    """Being told when a cohort's answer changes; its owner is anyway."""

    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="cohort_watch", request=None, responses={200: CohortSerializer, **REFUSALS})
    def put(self, request: SignedInRequest, pk: int) -> Response:
        return versioned(CohortSerializer(actions.watch(cohort_id=pk, by=request.user)))

    @extend_schema(operation_id="cohort_unwatch", responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        actions.unwatch(cohort_id=pk, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
