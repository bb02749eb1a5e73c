"""What the rules suggest to the reader of an article: offered, accepted, rejected; and when a project shows it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from curation.annotation import queries as annotations
from curation.api.access import ScopedAccess, SignedInRequest, version_of
from curation.api.annotations import AnnotationSerializer
from curation.api.projects import ProjectSerializer
from curation.api.readings import LARGEST_ID, ReadingSerializer
from curation.api.versions import IF_MATCH, REFUSALS, versioned
from curation.choices import Scope, Status, SuggestionMode
from curation.models import Judged
from curation.people import queries as people
from curation.suggestions import actions as suggestions
from curation.suggestions import queries

HIDDEN = ("", "off", "own_pass")


class OfferSerializer(serializers.Serializer):
    """``key`` names it to accept or reject; ``cue`` decided its status, ``told`` is what was read beside the value."""

    key = serializers.CharField()
    feature = serializers.CharField(source="spec.slug")
    status = serializers.ChoiceField(Status.choices, source="suggestion.status")
    value = serializers.JSONField(source="value.value", allow_null=True)
    qualifiers = serializers.DictField(source="suggestion.qualifiers")
    told = serializers.DictField(source="suggestion.told")
    patient_named = serializers.CharField(source="suggestion.patient", allow_blank=True)
    section = serializers.IntegerField(source="section.pk")
    start = serializers.IntegerField(source="suggestion.start")
    end = serializers.IntegerField(source="suggestion.end")
    exact = serializers.CharField(source="suggestion.exact")
    rule = serializers.CharField(source="suggestion.rule")
    cue = serializers.CharField(source="suggestion.cue", allow_blank=True)
    contradicts = serializers.BooleanField()


class RejectedSerializer(serializers.ModelSerializer):
    feature = serializers.SlugRelatedField("slug", read_only=True)
    value = serializers.JSONField(read_only=True, allow_null=True)

    class Meta:
        model = Judged
        fields = ("id", "reading", "patient", "feature", "section", "start", "end", "rule", "status", "value", "verdict")
        read_only_fields = fields


class OfferedSerializer(serializers.Serializer):
    """``hidden``: why nothing is shown, where it is hidden: the project says off, or your own pass is not done: core features are
    open, and you did not say that you have finished it."""

    hidden = serializers.ChoiceField(HIDDEN, allow_blank=True)
    patient = serializers.SerializerMethodField()
    offers = OfferSerializer(many=True)
    rejected = RejectedSerializer(many=True)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_patient(self, found: Any) -> int | None:
        return found.patient.pk if found.patient else None


class JudgeSerializer(serializers.Serializer):
    patient = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)


class ModeSerializer(serializers.Serializer):
    suggestions = serializers.ChoiceField(SuggestionMode.choices)


def patient_of(request: Request) -> int:
    sent = JudgeSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    return int(sent.validated_data["patient"])


PATIENT = OpenApiParameter("patient", int, description="Of this patient; the first where none is named.")


class Suggestions(APIView):
    permission_classes = [ScopedAccess]

    @extend_schema(operation_id="suggestions", parameters=[PATIENT], responses={200: OfferedSerializer, **REFUSALS})
    def get(self, request: Request, pk: int) -> Response:
        """What the text says by the rules, less what is answered or was rejected. Only the reading's own reader sees it."""
        asked = request.query_params.get("patient", "")
        patient = int(asked) if asked.isdecimal() and len(asked) < 19 else None
        return Response(OfferedSerializer(queries.offered(request.user, pk, patient=patient)).data)


class Accept(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="suggestion_accept", request=JudgeSerializer, responses={201: AnnotationSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int, key: str) -> Response:
        """Record it, with its words as evidence."""
        made = suggestions.accept(reading_id=pk, patient_id=patient_of(request), key=key, by=request.user)
        shown = AnnotationSerializer(annotations.annotation_for(request.user, made.pk))
        return versioned(shown, status=status.HTTP_201_CREATED)


class Reject(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="suggestion_reject", request=JudgeSerializer, responses={201: RejectedSerializer, **REFUSALS})
    def post(self, request: SignedInRequest, pk: int, key: str) -> Response:
        """Have it offered no more in this reading."""
        judged = suggestions.reject(reading_id=pk, patient_id=patient_of(request), key=key, by=request.user)
        return Response(RejectedSerializer(judged).data, status=status.HTTP_201_CREATED)


class Rejected(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(operation_id="suggestion_undo_reject", responses={204: None, **REFUSALS})
    def delete(self, request: SignedInRequest, pk: int, rejected: int) -> Response:
        """Have it offered again."""
        suggestions.undo_reject(reading_id=pk, rejected_id=rejected, by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class OwnPass(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.ANNOTATE

    @extend_schema(
        operation_id="reading_finish_own_pass",
        parameters=[IF_MATCH],
        request=None,
        responses={200: ReadingSerializer, **REFUSALS},
    )
    def post(self, request: SignedInRequest, pk: int) -> Response:
        """Say that you have read for yourself; a project may show suggestions only from then on."""
        kept = suggestions.finish_own_pass(reading_id=pk, version=version_of(request), by=request.user)
        return versioned(ReadingSerializer(kept))


class ProjectSuggestions(APIView):
    permission_classes = [ScopedAccess]
    scope = Scope.MODERATE

    @extend_schema(
        operation_id="project_set_suggestions",
        parameters=[IF_MATCH],
        request=ModeSerializer,
        responses={200: ProjectSerializer, **REFUSALS},
    )
    def put(self, request: SignedInRequest, slug: str) -> Response:
        """When the project's readers see suggestions; for moderators."""
        sent = ModeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        project = people.project(request.user, slug)
        mode = sent.validated_data["suggestions"]
        suggestions.set_mode(project_id=project.pk, version=version_of(request), mode=mode, by=request.user)
        return versioned(ProjectSerializer(people.project_counted(request.user, slug)))
