"""What a reading says of each patient, and the words that prove it."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import actions as annotation
from curation.annotation import queries, selectors
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.evidence import AmendedEvidenceSerializer, PieceSerializer, ProofSerializer
from curation.api.readings import LARGEST_ID
from curation.api.repeats import repeatable
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import RECORDABLE_CHOICES, Confidence, Scope
from curation.models import Annotation


class AnnotationSerializer(serializers.ModelSerializer):
    """``value`` is normalised by the feature's value type; ``low`` and ``high`` bound it as a number."""

    feature = serializers.SlugRelatedField("slug", read_only=True)
    value = serializers.JSONField(read_only=True, allow_null=True)
    evidence = ProofSerializer(many=True, read_only=True)

    class Meta:
        model = Annotation
        fields = (
            *("id", "reading", "patient", "feature", "instance", "status", "value", "low", "high", "qualifiers"),
            *("confidence", "comment", "evidence", "changed_at", "version"),
        )
        read_only_fields = fields


class RecordedAnswerSerializer(serializers.Serializer):
    """``quotes``, words, rectangles or cells, are added to the evidence there is."""

    status = serializers.ChoiceField(RECORDABLE_CHOICES)
    value = serializers.JSONField(default=None, allow_null=True)
    qualifiers = serializers.DictField(default=dict)
    confidence = serializers.ChoiceField(Confidence.choices, default=Confidence.HIGH)
    comment = serializers.CharField(max_length=10_000, allow_blank=True, default="")
    quotes = serializers.ListField(child=PieceSerializer(), default=list, max_length=100)


class NewAnnotationSerializer(RecordedAnswerSerializer):
    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    feature = serializers.CharField(max_length=80)
    instance = serializers.IntegerField(min_value=1, max_value=999, default=1)


def shown(pk: int, request: Request, status: int = 200) -> Response:
    return versioned(AnnotationSerializer(queries.annotation_for(request.user, pk)), status=status)


PATIENT = OpenApiParameter("patient", int, description="Only what is said of this patient.")


class AnnotationList(generics.ListAPIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE
    serializer_class = AnnotationSerializer
    queryset = Annotation.objects.none()

    def get_queryset(self) -> QuerySet[Annotation]:
        reading = queries.reading_for(self.request.user, self.kwargs["pk"])
        patient = self.request.query_params.get("patient", "")
        return queries.annotations(reading, patient_id=int(patient) if patient.isdecimal() and len(patient) < 19 else None)

    @extend_schema(operation_id="annotations_list", parameters=[PATIENT])
    def get(self, request: Request, pk: int) -> Response:
        return self.list(request)

    @repeatable
    @extend_schema(
        operation_id="annotation_record",
        request=NewAnnotationSerializer,
        responses={201: AnnotationSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Write down what the report says of one patient and one feature, with the words that prove it."""
        sent = NewAnnotationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        answer = dict(sent.validated_data)
        made = annotation.record(
            reading_id=pk,
            patient_id=answer.pop("patient"),
            feature_slug=answer.pop("feature"),
            quotes=[selectors.piece(quote) for quote in answer.pop("quotes")],
            by=request.user,
            **answer,
        )
        return shown(made.pk, request, status.HTTP_201_CREATED)


class AnnotationDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="annotation", responses={200: AnnotationSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        return shown(pk, request)

    @repeatable
    @extend_schema(
        operation_id="annotation_change",
        parameters=[IF_MATCH],
        request=RecordedAnswerSerializer,
        responses={200: AnnotationSerializer, **REFUSALS},
    )
    def put(self, request: SignedInRequest, pk: int) -> Response:
        """Answer anew; what is not sent takes its default."""
        sent = RecordedAnswerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return self._changed(request, pk, sent.validated_data)

    @repeatable
    @extend_schema(
        operation_id="annotation_amend",
        parameters=[IF_MATCH],
        request=RecordedAnswerSerializer(partial=True),
        responses={200: AnnotationSerializer, **REFUSALS},
    )
    def patch(self, request: SignedInRequest, pk: int) -> Response:
        """Change what is sent, and leave the rest as it is."""
        sent = RecordedAnswerSerializer(data=request.data, partial=True)
        sent.is_valid(raise_exception=True)
        now = queries.annotation_for(request.user, pk)
        kept = {name: getattr(now, name) for name in ("status", "value", "qualifiers", "confidence", "comment")}
        return self._changed(request, pk, kept | sent.validated_data)

    def _changed(self, request: SignedInRequest, pk: int, answer: dict[str, Any]) -> Response:
        quotes = [selectors.piece(quote) for quote in answer.get("quotes", ())]
        fields = {name: answer[name] for name in answer if name != "quotes"}
        annotation.change(annotation_id=pk, version=version_of(request), quotes=quotes, by=request.user, **fields)
        return shown(pk, request)

    @repeatable
    @extend_schema(operation_id="annotation_remove", parameters=[IF_MATCH], responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        annotation.remove(annotation_id=pk, version=version_of(request), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class EvidenceList(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @repeatable
    @extend_schema(
        operation_id="evidence_add",
        parameters=[IF_MATCH],
        request=PieceSerializer,
        responses={201: AnnotationSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Prove the answer by one piece more; If-Match and ETag name the annotation's version."""
        sent = PieceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        quote = selectors.piece(sent.validated_data)
        annotation.add_evidence(annotation_id=pk, version=version_of(request), quote=quote, by=request.user)
        return shown(pk, request, status.HTTP_201_CREATED)


class EvidenceDetail(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @repeatable
    @extend_schema(operation_id="evidence_remove", parameters=[IF_MATCH], responses={200: AnnotationSerializer, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int) -> Response:
        """Take a piece of evidence away; If-Match and ETag name the annotation's version."""
        kept = annotation.remove_evidence(evidence_id=pk, version=version_of(request), by=request.user)
        return shown(kept.pk, request)

    @repeatable
    @extend_schema(
        operation_id="evidence_amend",
        parameters=[IF_MATCH],
        request=AmendedEvidenceSerializer,
        responses={200: AnnotationSerializer, **REFUSALS},
    )
    def patch(self, request: SignedInRequest, pk: int) -> Response:
        """Say whose words they are, whether they speak against the answer, which panel; what is not sent stays."""
        sent = AmendedEvidenceSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = annotation.change_evidence(evidence_id=pk, version=version_of(request), by=request.user, **sent.validated_data)
        return shown(kept.pk, request)
