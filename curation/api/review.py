"""Submitted readings and the rulings on them; findings with the evidence that proves them."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation.notes.actions import NoteOn
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.articles import CautionSerializer
from curation.api.evidence import TargetSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import FindingState, Scope, Status
from curation.models import Article, Decision, Finding, Reading, Ruling
from curation.people import queries as people
from curation.review import actions as review
from curation.review import proofs, queries


class SubmittedReadingSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    pmid = serializers.IntegerField(source="article.pmid", read_only=True, allow_null=True)
    title = serializers.CharField(source="article.title", read_only=True)
    is_retracted = serializers.BooleanField(source="article.is_retracted", read_only=True)
    curator = serializers.StringRelatedField()

    class Meta:
        model = Reading
        fields = ("id", "project", "article", "pmid", "title", "is_retracted", "curator", "state", "submitted_at", "version")
        read_only_fields = fields


class RulingSerializer(serializers.ModelSerializer):
    project = serializers.SlugRelatedField("slug", read_only=True)
    moderator = serializers.StringRelatedField()

    class Meta:
        model = Ruling
        fields = ("id", "project", "article", "reading", "kind", "moderator", "reason", "created_at")
        read_only_fields = fields


class FindingSerializer(serializers.ModelSerializer):
    """``value`` is normalised by the feature's value type; ``low`` and ``high`` bound it as a number. Of a derived one ``rule``
    names the rule and its version, ``rule_is_verified`` whether its wording was checked against its source."""

    project = serializers.SlugRelatedField("slug", read_only=True)
    feature = serializers.SlugRelatedField("slug", read_only=True)
    codebook = serializers.StringRelatedField(source="feature.codebook_version")
    article = serializers.IntegerField(source="ruling.article_id", default=None, read_only=True, allow_null=True)
    rule = serializers.StringRelatedField()
    rule_is_verified = serializers.BooleanField(source="rule.verified", default=None, read_only=True, allow_null=True)
    cautions = serializers.SerializerMethodField()
    is_from_retracted = serializers.SerializerMethodField()

    class Meta:
        model = Finding
        fields = (
            *("id", "project", "patient", "feature", "codebook", "instance", "state", "status", "value", "low", "high"),
            *("qualifiers", "comment", "article", "ruling", "rule", "rule_is_verified", "explanation", "published_at", "version"),
            *("cautions", "is_from_retracted"),
        )
        read_only_fields = fields

    @extend_schema_field(CautionSerializer(many=True))
    def get_cautions(self, finding: Finding) -> object:
        """What PubMed says against relying on the articles that report the patient."""
        return CautionSerializer(
            [each for article in _drawn_from(finding) for each in getattr(article, "cautions", ())], many=True
        ).data

    def get_is_from_retracted(self, finding: Finding) -> bool:
        return any(article.is_retracted for article in _drawn_from(finding))


def _drawn_from(finding: Finding) -> list[Article]:
    """By what ``review.queries.with_cautions`` has at hand."""
    return [report.article for report in finding.patient.reports.all()]


class SettledSerializer(serializers.ModelSerializer):
    """How a moderator settled what two readings differed in; ``followed`` is the reading that holds, where one does."""

    decided_by = serializers.StringRelatedField()

    class Meta:
        model = Decision
        fields = ("outcome", "followed", "reason", "decided_by", "decided_at")
        read_only_fields = fields


class FindingDetailSerializer(FindingSerializer):
    """``readings``: the ids of those it came from; where two differed both, and ``decision`` says how it was settled."""

    evidence = serializers.SerializerMethodField()
    readings = serializers.SerializerMethodField()
    decision = SettledSerializer(read_only=True, allow_null=True)

    class Meta(FindingSerializer.Meta):
        fields = (*FindingSerializer.Meta.fields, "evidence", "readings", "decision")
        read_only_fields = fields

    def get_readings(self, finding: Finding) -> list[int]:
        return [reading.pk for reading in queries.readings_behind(finding)]

    @extend_schema_field(TargetSerializer(many=True))
    def get_evidence(self, finding: Finding) -> list[dict[str, object]]:
        return list(TargetSerializer(proofs.of(finding), many=True).data)


class PublishSerializer(serializers.Serializer):
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)


class NoteOnSerializer(serializers.Serializer):
    """A question about a patient of the reading and a feature of its codebook (its slug), where they are named."""

    text = serializers.CharField(max_length=5000)
    patient = serializers.IntegerField(source="patient_id", required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    feature = serializers.CharField(source="feature_slug", required=False, allow_blank=True, max_length=80)


class SendBackSerializer(serializers.Serializer):
    """A note on the reading as a whole, notes on single features that the reader has to answer, or both."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)
    notes = serializers.ListField(child=NoteOnSerializer(), required=False, default=list, max_length=200)


class RetractSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=5000)


@extend_schema_view(get=extend_schema(operation_id="submitted_readings_list"))
class SubmittedReadings(generics.ListAPIView):
    """What waits for a moderator of the project, the longest waiting first."""

    permission_classes = [ScopedAccess]
    serializer_class = SubmittedReadingSerializer
    queryset = Reading.objects.none()

    request: SignedInRequest

    def get_queryset(self) -> QuerySet[Reading]:
        return queries.submitted(self.request.user, people.project(self.request.user, self.kwargs["slug"]))


class Moderate(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE


class Publish(Moderate):
    @extend_schema(
        operation_id="reading_publish",
        parameters=[IF_MATCH],
        request=PublishSerializer,
        responses={201: RulingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = PublishSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        ruling = review.publish(reading_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return Response(RulingSerializer(ruling).data, status=201)


class SendBack(Moderate):
    @extend_schema(
        operation_id="reading_send_back",
        parameters=[IF_MATCH],
        request=SendBackSerializer,
        responses={201: RulingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = SendBackSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        note, notes = sent.validated_data["note"], [NoteOn(**each) for each in sent.validated_data["notes"]]
        ruling = review.send_back(reading_id=pk, version=version_of(request), note=note, notes=notes, by=request.user)
        return Response(RulingSerializer(ruling).data, status=201)


class Retract(Moderate):
    @extend_schema(
        operation_id="finding_retract",
        parameters=[IF_MATCH],
        request=RetractSerializer,
        responses={201: RulingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        sent = RetractSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        ruling = review.retract(finding_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return Response(RulingSerializer(ruling).data, status=201)


class FindingFilters(serializers.Serializer):
    """What ``findings`` may be asked for; everything open to the caller where nothing is named."""

    project = serializers.SlugField(required=False)
    feature = serializers.SlugField(required=False)
    status = serializers.ChoiceField(Status.choices, required=False)
    state = serializers.ChoiceField(FindingState.choices, default=FindingState.PUBLISHED)
    patient = serializers.IntegerField(required=False, min_value=1)
    article = serializers.IntegerField(required=False, min_value=1)


@extend_schema_view(get=extend_schema(operation_id="findings_list", parameters=[FindingFilters]))
class FindingList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    serializer_class = FindingSerializer
    queryset = Finding.objects.none()

    def get_queryset(self) -> object:
        asked = FindingFilters(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return queries.findings_where(self.request.user, **asked.validated_data)


class FindingDetail(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="finding_retrieve", responses={200: FindingDetailSerializer})
    def get(self, request: Request, pk: int) -> Response:
        return versioned(FindingDetailSerializer(queries.finding(request.user, pk)))
